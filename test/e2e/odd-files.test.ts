import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { nativeUdf } from "../support/command-line.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/* Files where folders should be, folders where files should be, links that lead nowhere, pipes, missing permission. */

let root = "";
const inModule = (name: string) => path.join(root, name);

before(async () => {
  root = path.join(temporaryFolder("odd-files"), "odd");
  await nativeUdf(["new", root, "--template", "blank"], { cwd: path.dirname(root) });
});

/** The one line of the error. */
async function refusal(...args: string[]): Promise<string> {
  const { exitCode, stderr } = await nativeUdf(args, { cwd: root });
  assert.equal(exitCode, 2, stderr);
  const [line = "", ...others] = stderr.split("\n").filter((text) => text.startsWith("error: "));
  assert.deepEqual(others, []);
  assert.doesNotMatch(stderr, /fault of native-udf|^\s+at /m);
  return line;
}

/** Puts something in an entry's place while `check` runs. */
async function instead(name: string, make: (file: string) => void, check: () => Promise<void>): Promise<void> {
  const file = inModule(name);
  const away = `${file}.away`;
  mkdirSync(path.dirname(file), { recursive: true });
  let moved = true;
  try {
    renameSync(file, away);
  } catch {
    moved = false; // there was none
  }
  try {
    make(file);
    await check();
  } finally {
    rmSync(file, { recursive: true, force: true });
    if (moved) renameSync(away, file);
  }
}

const aFile = (file: string) => writeFileSync(file, "");

describe("a file where a folder is needed is told with its path and what to do", () => {
  const cases: [name: string, command: string[]][] = [
    [".native-udf", ["build"]],
    [".native-udf", ["submit", "first"]],
    ["artifacts", ["build"]],
    ["jobs", ["submit", "first"]],
    ["test", ["test"]],
    [".native-udf/runs", ["runs"]],
    [".native-udf/runs", ["submit", "first"]],
    [".native-udf/runs", ["submit", "first", "--detach"]],
    [".native-udf/objects", ["submit", "first"]],
  ];
  for (const [name, command] of cases) {
    test(`${name}: native-udf ${command.join(" ")}`, async () => {
      await instead(name, aFile, async () => {
        const line = await refusal(...command);
        assert.ok(line.startsWith(`error: ${inModule(name)}: `), line);
        assert.match(line, /a folder is needed\. Move the file away\.$/);
      });
    });
  }
});

describe("an input that is no file", () => {
  const job = () => readFileSync(inModule("jobs/first.job.ts"), "utf8").replace("data/input.csv", "data/odd.csv");
  const cases: [title: string, make: (file: string) => void, says: RegExp][] = [
    ["a pipe", (file) => execFileSync("mkfifo", [file]), /^error: data\/odd\.csv: .* a pipe or a device\. Copy/],
    ["a folder", (file) => mkdirSync(file), /^error: data\/odd\.csv: it is a folder\. Name the files in it/],
    ["a link to nothing", (file) => symlinkSync("nowhere", file), /^error: data\/odd\.csv: there is no such file\./],
  ];
  for (const [title, make, says] of cases) {
    test(title, async () => {
      writeFileSync(inModule("jobs/odd.job.ts"), job());
      await instead("data/odd.csv", make, async () => assert.match(await refusal("submit", "odd"), says));
    });
  }
});

test("a job file and a native-udf.json that are links to nothing or folders are told with their names", async () => {
  for (const make of [(file: string) => symlinkSync("nowhere", file), (file: string) => mkdirSync(file)]) {
    await instead("jobs/first.job.ts", make, async () => {
      assert.match(await refusal("submit", "first"), /^error: jobs\/first\.job\.ts: .* cannot be read/);
    });
    await instead("native-udf.json", make, async () => {
      assert.match(await refusal("build"), /native-udf\.json/);
    });
  }
});

test("a folder without permission is told as such", {
  skip: process.getuid?.() === 0 && "root may do anything",
}, async () => {
  chmodSync(inModule("jobs"), 0);
  try {
    assert.match(await refusal("submit", "first"), /jobs: there is no permission to use it\. Give yourself the right/);
  } finally {
    chmodSync(inModule("jobs"), 0o755);
  }
});
