import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import type { Command } from "commander";
import { errorObject } from "../../src/cli/output.ts";
import { exitCodes, UdfError } from "../../src/core/error.ts";
import { moduleFileSchema } from "../../src/core/module.ts";
import { sparkTargetSchema } from "../../src/core/target.ts";
import { projectRoot } from "../support/command-line.ts";

const read = (file: string) => readFileSync(path.join(projectRoot, file), "utf8");
const pages = [
  ...readdirSync(projectRoot).filter((file) => file.endsWith(".md")),
  ...readdirSync(path.join(projectRoot, "docs")).map((file) => path.join("docs", file)),
].filter((file) => file.endsWith(".md"));
const commandLine = read("docs/command-line.md");

/** The first cells of the table below a heading, without back quotes. */
function firstCells(heading: string): string[] {
  const section = commandLine.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = section
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2);
  return rows.map((row) => row.split("|")[1]?.replaceAll("`", "").trim() ?? "");
}

/** A heading as GitHub makes an anchor of it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

describe("a link to a file of the project leads to one, and to a heading that it has", () => {
  for (const page of pages) {
    test(page, () => {
      const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
      for (const link of links.filter((each) => !/^https?:/.test(each))) {
        const [file = "", anchor] = link.split("#");
        const target = file === "" ? page : path.join(path.dirname(page), file);
        assert.ok(existsSync(path.join(projectRoot, target)), link);
        if (anchor === undefined) continue;
        const anchors = [...read(target).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));
        assert.ok(anchors.includes(anchor), `${link}: ${target} has ${anchors.join(", ")}`);
      }
    });
  }
});

describe("docs/command-line.md", () => {
  test("has the exit codes that the errors have", () => {
    const faultOfOurs = 70;
    const codes = [0, ...Object.values(exitCodes), faultOfOurs].sort((a, b) => a - b);
    assert.deepEqual(firstCells("Exit codes").map(Number), codes);
  });

  test("names the fields of a failure as --json writes them", () => {
    const shown = /\{"error": \{(.*?)\}\}/.exec(commandLine)?.[1] ?? "";
    const names = [...shown.matchAll(/"(\w+)"/g)].map(([, name]) => name);
    assert.deepEqual(names, Object.keys(errorObject(new UdfError("USAGE", { what: "it is wrong" }))));
  });

  test("has every variable that the program reads, and no other", () => {
    const files = readdirSync(path.join(projectRoot, "src"), { recursive: true, encoding: "utf8" });
    const source = files.filter((file) => file.endsWith(".ts")).map((file) => read(path.join("src", file)));
    const matches = (pattern: RegExp) => source.flatMap((text) => [...text.matchAll(pattern)].map(([, name]) => name));
    const isRead = [...matches(/process\.env\.([A-Z_]+)/g), ...matches(/variable: "([A-Z_]+)"/g)];
    // what one process of the program tells another is nobody else's
    const ours = new Set(matches(/\b([A-Z_]+): JSON\.stringify/g));
    const names = [...new Set(isRead)].filter((name) => !ours.has(name)).sort();
    assert.deepEqual(firstCells("Variables").sort(), names);
  });

  test("has every command with every option of its own, and no other", async () => {
    const table = commandLine.split("## Exit codes")[0] ?? "";
    const shown = [...table.matchAll(/^\| `native-udf (.*?) +\|/gm)].map(([, row = ""]) => row);
    const documented = new Set(
      shown.flatMap(
        (row) => row.match(/--[a-z]+(?:-[a-z]+)*/g)?.map((option) => `${row.split(/[` ]/)[0]} ${option}`) ?? [],
      ),
    );
    const subcommands = [...table.matchAll(/`runs \[?([a-z]+)|runs \[([a-z]+)\]/g)].flatMap(
      ([, one, other]) => one ?? other ?? [],
    );
    const options = new Set<string>();
    for (const command of await allCommands()) {
      assert.ok(
        shown.some((row) => row.split(/[` ]/)[0] === command.name()),
        command.name(),
      );
      for (const one of [command, ...command.commands]) {
        for (const { long } of one.options) if (long && !everywhere.has(long)) options.add(`${command.name()} ${long}`);
      }
      for (const one of command.commands)
        assert.ok(subcommands.includes(one.name()), `${command.name()} ${one.name()}`);
    }
    assert.deepEqual([...documented].sort(), [...options].sort());
  });
});

/** Options that all commands have, which the page says once. */
const everywhere = new Set(["--json", "--quiet", "--verbose"]);

async function allCommands(): Promise<Command[]> {
  const folder = path.join(projectRoot, "src", "cli", "commands");
  const modules = await Promise.all(readdirSync(folder).map((file) => import(path.join(folder, file))));
  return modules.flatMap((module: Record<string, unknown>) =>
    Object.entries(module).flatMap(([name, make]) =>
      name.endsWith("Command") && typeof make === "function" ? make() : [],
    ),
  );
}

describe("docs/spark.md", () => {
  const page = read("docs/spark.md");

  test("has every field of a target, and no other", () => {
    const section = page.split("## Targets\n")[1]?.split("\n## ")[0] ?? "";
    const fields = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, field]) => field);
    assert.deepEqual(fields.sort(), Object.keys(sparkTargetSchema.shape).sort());
  });

  test("shows files native-udf.json that are read", () => {
    const shown = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, text = ""]) =>
      moduleFileSchema.parse(JSON.parse(text)),
    );
    assert.ok(shown.some(({ targets }) => targets.cluster?.master === "spark://master.example:7077"));
  });
});
