import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { execa } from "execa";
import { loadModule } from "../../src/module/load-module.ts";
import { listRuns } from "../../src/run/store.ts";
import { nativeUdf, projectRoot } from "../support/command-line.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { until } from "../support/until.ts";

const limit = { timeout: 120_000 };
const folder = temporaryFolder("debug-terminal");
const root = path.join(folder, "words");

before(async () => {
  const made = await nativeUdf(["new", root, "--template", "blank", "--name", "words"], { cwd: folder });
  assert.equal(made.exitCode, 0, made.stderr);
  writeFileSync(path.join(root, "data", "input.csv"), "city,celsius\nnew york city,12.5\n");
});

/** Types each command when the text before it has been shown; gives all that was shown, and how it ended. */
async function type(script: readonly (readonly [shown: string, command: string])[]) {
  const cli = path.join(projectRoot, "dist", "cli.js");
  const child = execa(process.execPath, [cli, "debug", "first"], {
    ...{ cwd: root, reject: false, all: true, stdin: "pipe" },
  });
  let shown = "";
  let read = 0;
  child.all.on("data", (chunk: Buffer) => {
    shown += String(chunk);
  });
  for (const [text, command] of script) {
    await until(() => shown.indexOf(text, read) >= 0);
    read = shown.length;
    child.stdin.write(`${command}\n`);
  }
  const { exitCode } = await child;
  return { shown, exitCode };
}

test(
  "debug <job> stops in the C++ under the terminal's debugger, shows a row, and the job succeeds",
  limit,
  async () => {
    const { shown, exitCode } = await type([
      ["set breakpoints", "breakpoint set -n fahrenheit"],
      ["Breakpoint 1", "run"],
      ["stop reason", "frame variable celsius"],
      ["12.5", "continue"],
      ["exited with status = 0", "quit"],
    ]);
    assert.equal(exitCode, 0, shown);
    assert.match(shown, /return celsius \* 9 \/ 5 \+ 32/, "the source is shown");
    assert.match(shown, /NYC +54\.5/, "the result is shown");
    assert.equal(listRuns(loadModule(root))[0]?.state, "succeeded");
  },
);

test("debug <job> cancels the run when the debugger is left before it ends", limit, async () => {
  const { shown, exitCode } = await type([["set breakpoints", "quit"]]);
  assert.equal(exitCode, 130, shown);
  assert.equal(listRuns(loadModule(root))[0]?.state, "cancelled");
});

test("debug without a job says what to name", limit, async () => {
  const { exitCode, stderr } = await nativeUdf(["debug"], { cwd: root });
  assert.equal(exitCode, 2);
  assert.match(stderr, /there is no job to debug/);
});
