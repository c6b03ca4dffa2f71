import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { UdfError } from "../../../src/core/error.ts";
import { runTool } from "../../../src/toolchain/run-tool.ts";
import { projectRoot } from "../../support/command-line.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const folder = temporaryFolder("run-tool");
const node = (program: string) => ({ command: process.execPath, args: ["--eval", program] });

/** True where the process runs; one that has ended and waits to be reaped does not. */
function lives(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/^\d+ \(.*\) [ZX]/.test(readFileSync(file, "utf8"));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(5);
}

/** The number in a file that a process writes, once it is there whole. */
async function pidIn(file: string): Promise<number> {
  await until(() => existsSync(file) && readFileSync(file, "utf8").endsWith("\n"));
  return Number(readFileSync(file, "utf8"));
}

describe("runTool", () => {
  test("gives the exit code and what was written, and a non-zero exit code is no error", async () => {
    const result = await runTool(node("console.log('out'); console.error('err'); process.exitCode = 7"));
    assert.deepEqual(result, { exitCode: 7, signalName: null, stdout: "out", stderr: "err" });
  });

  test("names the signal that ended the program", async () => {
    const { exitCode, signalName } = await runTool(node("process.kill(process.pid, 'SIGSEGV')"));
    assert.deepEqual([exitCode, signalName], [null, "SIGSEGV"]);
  });

  test("hands arguments over as they are, without a shell", async () => {
    const args = ["a b", "$HOME", "*", ";", "'\"", ""];
    const { stdout } = await runTool({
      command: process.execPath,
      args: ["--eval", "console.log(JSON.stringify(process.argv.slice(1)))", "--", ...args],
    });
    assert.deepEqual(JSON.parse(stdout), args);
  });

  test("takes the environment that is given as the whole one", async () => {
    const { stdout } = await runTool({ ...node("console.log(Object.keys(process.env).join())"), env: { ONLY: "1" } });
    assert.equal(stdout, "ONLY");
  });

  test("writes the input, and gives an empty one where there is none", async () => {
    assert.equal((await runTool({ command: "cat", args: [], input: "zwei\nZeilen" })).stdout, "zwei\nZeilen");
    assert.equal((await runTool({ command: "cat", args: [] })).stdout, "");
  });

  test("gives whole lines as they come, also where a character or a line is cut between two writes", async () => {
    const lines: [string, string][] = [];
    const program =
      "const write = (b) => new Promise((r) => process.stdout.write(b, () => setTimeout(r, 20)));" +
      "const e = Buffer.from('é'); (async () => {" +
      "await write(e.subarray(0, 1)); await write(e.subarray(1)); await write('a\\nno'); await write(' end'); console.error('x') })()";
    const { stdout } = await runTool({ ...node(program), onLine: (stream, line) => lines.push([stream, line]) });
    assert.deepEqual(
      lines.filter(([stream]) => stream === "stdout").map(([, line]) => line),
      ["éa", "no end"],
    );
    assert.deepEqual(
      lines.filter(([stream]) => stream === "stderr").map(([, line]) => line),
      ["x"],
    );
    assert.equal(stdout, "éa\nno end");
  });

  test("says which program is missing and how to get it", async () => {
    const error = await failure(runTool({ command: path.join(folder, "cmake"), args: [] }));
    assert.equal(error.code, "TOOL_MISSING");
    assert.match(error.what, /cmake is not installed/);
    assert.match(error.next ?? "", /cmake/);
  });

  test("says that the folder is missing where it is the folder and not the program", async () => {
    const error = await failure(runTool({ ...node(""), cwd: path.join(folder, "nowhere") }));
    assert.equal(error.code, "TOOL_FAILED");
    assert.equal(error.where, path.join(folder, "nowhere"));
  });

  test("says that a file that is no program cannot be started", async () => {
    const file = path.join(folder, "text");
    writeFileSync(file, "text");
    const error = await failure(runTool({ command: file, args: [] }));
    assert.equal(error.code, "TOOL_FAILED");
    assert.equal(error.where, file);
  });
});

describe("runTool, aborted", () => {
  test("starts nothing where the signal was aborted before", async () => {
    const file = path.join(folder, "started");
    const error = await failure(runTool({ command: "touch", args: [file], signal: AbortSignal.abort() }));
    assert.equal(error.code, "CANCELLED");
    assert.equal(existsSync(file), false);
  });

  test("leaves no process behind, not even a grandchild that ignores SIGTERM", async () => {
    const pidFile = path.join(folder, "grandchild");
    const script = `sh -c 'trap "" TERM; echo $$ > "${pidFile}"; while true; do sleep 1; done' & wait`;
    const abort = new AbortController();
    const running = failure(runTool({ command: "sh", args: ["-c", script], signal: abort.signal }));
    const grandchild = await pidIn(pidFile);
    assert.equal(lives(grandchild), true);
    abort.abort(new UdfError("CANCELLED", { what: "enough" }));
    const error = await running;
    assert.equal(error.what, "enough");
    await until(() => !lives(grandchild));
  });

  test("lets a program that obeys SIGTERM clean up", async () => {
    const cleaned = path.join(folder, "cleaned");
    const ready = path.join(folder, "ready");
    const program =
      `process.on('SIGTERM', () => { fs.writeFileSync(${JSON.stringify(cleaned)}, ''); process.exit(0) });` +
      `setInterval(() => {}, 1000); fs.writeFileSync(${JSON.stringify(ready)}, '')`;
    const abort = new AbortController();
    const running = failure(runTool({ ...node(program), signal: abort.signal }));
    await until(() => existsSync(ready));
    abort.abort();
    assert.equal((await running).code, "CANCELLED");
    assert.equal(existsSync(cleaned), true);
  });
});

describe("what a program leaves running", () => {
  test("does not hold up the result, and is ended", async () => {
    const pidFile = path.join(folder, "left-behind");
    const script = `sleep 1000 & echo $! > "${pidFile}"; echo done`;
    const { stdout } = await runTool({ command: "sh", args: ["-c", script] });
    assert.equal(stdout, "done");
    const left = await pidIn(pidFile);
    await until(() => !lives(left));
  });

  test("is ended when this process exits in the middle", async () => {
    const pidFile = path.join(folder, "orphan");
    const module = JSON.stringify(path.join(projectRoot, "src", "toolchain", "run-tool.ts"));
    const program = [
      `import { existsSync } from "node:fs";`,
      `import { runTool } from ${module};`,
      `const file = ${JSON.stringify(pidFile)};`,
      `void runTool({ command: "sh", args: ["-c", 'echo $$ > "$0"; exec sleep 1000', file] });`,
      `setInterval(() => { if (existsSync(file)) process.exit(0) }, 5);`,
    ].join("\n");
    const entry = path.join(folder, "exits.mts");
    writeFileSync(entry, program);
    const { exitCode, stderr } = await runTool({
      command: process.execPath,
      args: ["--import", "tsx", entry],
      cwd: projectRoot,
    });
    assert.equal(stderr, "");
    assert.equal(exitCode, 0);
    const orphan = await pidIn(pidFile);
    await until(() => !lives(orphan));
  });
});

async function failure(promise: Promise<unknown>): Promise<UdfError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof UdfError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
