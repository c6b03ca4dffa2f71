import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import * as z from "zod";
import { commandIds } from "../../../src/vscode/commands/command.ts";
import { projectRoot } from "../../support/command-line.ts";

/* What package.json tells VS Code, against the code and the texts. KEEP=1 refreshes the list of texts in l10n/. */

const read = (file: string) => readFileSync(path.join(projectRoot, file), "utf8");
const text = read("package.json");
const texts = z.record(z.string(), z.string()).parse(JSON.parse(read("package.nls.json")));

const itemSchema = z.looseObject({ command: z.string(), when: z.string().optional() });
const { contributes } = z
  .object({
    contributes: z.object({
      commands: z.array(z.object({ command: z.string(), title: z.string(), enablement: z.string().optional() })),
      menus: z.record(z.string(), z.array(itemSchema)),
      walkthroughs: z.array(
        z.object({
          steps: z.array(
            z.object({ id: z.string(), description: z.string(), media: z.object({ markdown: z.string() }) }),
          ),
        }),
      ),
      jsonValidation: z.array(z.object({ url: z.string() })),
      configuration: z.object({ properties: z.record(z.string(), z.unknown()) }),
    }),
  })
  .parse(JSON.parse(text));

const sources = readdirSync(path.join(projectRoot, "src", "vscode"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => read(path.join("src", "vscode", file)));

describe("package.json", () => {
  test("declares exactly the commands that are registered", () => {
    assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), [...commandIds].sort());
  });

  test("has menus for commands that there are", () => {
    const known = new Set<string>(commandIds);
    for (const { command } of Object.values(contributes.menus).flat()) assert.ok(known.has(command), command);
  });

  test("asks for context keys that the code sets", () => {
    const clauses = [
      ...contributes.commands.map(({ enablement }) => enablement ?? ""),
      ...Object.values(contributes.menus).flatMap((items) => items.map(({ when }) => when ?? "")),
    ];
    const keys = read("src/vscode/context-keys.ts");
    for (const clause of clauses) {
      const withoutViews = clause.replaceAll(/view(?:Item)? == [\w.]+/g, "");
      for (const [key] of withoutViews.matchAll(/nativeUdf\.\w+/g)) assert.ok(keys.includes(`"${key}"`), key);
    }
  });

  test("has a text for each key, and no text that nobody asks for", () => {
    const asked = new Set([...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key));
    assert.deepEqual([...asked].sort(), Object.keys(texts).sort());
  });

  test("has a walkthrough of five steps, each with a page and a command that there is", () => {
    const [walkthrough] = contributes.walkthroughs;
    assert.equal(walkthrough?.steps.length, 5);
    for (const { description, media } of walkthrough?.steps ?? []) {
      assert.ok(existsSync(path.join(projectRoot, media.markdown)), media.markdown);
      const command = /\(command:([\w.]+)\)/.exec(texts[description.replaceAll("%", "")] ?? "")?.[1];
      assert.ok(
        commandIds.some((id) => id === command),
        description,
      );
    }
  });

  test("declares the settings that the code reads, and under twenty", () => {
    const declared = Object.keys(contributes.configuration.properties);
    assert.ok(declared.length < 20);
    const all = sources.join("\n");
    for (const setting of declared) {
      const name = setting.slice("nativeUdf.".length);
      assert.ok(all.includes(`"${name}"`) || all.includes(`"${setting}"`), setting);
    }
  });
});

test("the list of texts for translators is complete", () => {
  const used = sources.flatMap((source) =>
    [...source.matchAll(/l10n\.t\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/g)].map(
      ([, one, other]) => one ?? other ?? "",
    ),
  );
  const list = Object.fromEntries([...new Set(used)].sort().map((entry) => [entry, entry]));
  const file = path.join(projectRoot, "l10n", "bundle.l10n.json");
  if (process.env.KEEP) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(list, null, 2)}\n`);
  }
  assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), list);
});
