import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inProject, root } from "./project.mjs";

/**
 * What a test file's process says of one test (scripts/test-reporter.mjs).
 * @typedef {object} TestEvent
 * @property {boolean} passed
 * @property {string} name
 * @property {number} nesting how deep it lies in suites
 * @property {boolean} suite a suite is no test; it is counted only where its own hooks fail
 * @property {string} [skipped] why
 * @property {boolean} byChildren it failed only since one of its subtests did
 * @property {number} seconds
 * @property {string} [place] `file:line`
 * @property {string} [error]
 */

/**
 * What a job of the test command gave.
 * @typedef {object} Outcome
 * @property {string} name
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {number} seconds
 * @property {TestEvent[]} events
 * @property {string[]} [notes] diagnostics that tests gave, which are always shown
 * @property {string} output what it wrote besides; shown when something failed
 */

/** A file that takes longer hangs; its processes are killed. All tests in the workbench are one file, of 15 minutes. */
const limitMinutes = 40;

/**
 * Runs one test file in a process of its own, in a process group of its own.
 * @param {string} file relative to the project
 * @returns {Promise<Outcome>}
 */
export async function runTestFile(file) {
  const start = performance.now();
  const folder = mkdtempSync(path.join(tmpdir(), "native-udf-test-"));
  const report = path.join(folder, "events.ndjson");
  const reporter = [
    "--test-reporter",
    inProject("scripts", "test-reporter.mjs"),
    "--test-reporter-destination",
    report,
  ];
  const { ending, output } = await runToEnd(["--import", "tsx", ...reporter, file]);
  const lines = existsSync(report) ? readLines(readFileSync(report, "utf8")) : [];
  const events = lines.flatMap((line) => ("note" in line ? [] : [line]));
  const notes = lines.flatMap((line) => ("note" in line ? [line.note] : []));
  rmSync(folder, { recursive: true, force: true });
  const counted = events.filter((event) => !event.suite || (!event.passed && !event.byChildren));
  const failed = counted.filter((event) => !event.passed && !event.byChildren);
  const skipped = counted.filter((event) => event.passed && event.skipped !== undefined);
  const passed = counted.filter((event) => event.passed && event.skipped === undefined);
  const broken = brokenFile({ file, ending, tests: counted.length, failed: failed.length });
  return {
    name: file,
    passed: passed.length,
    failed: failed.length + (broken ? 1 : 0),
    skipped: skipped.length,
    seconds: (performance.now() - start) / 1000,
    events: broken ? [...events, broken] : events,
    notes,
    output,
  };
}

/**
 * The file's own failure, which no test of it tells: it died, did not load, hung, or has no tests.
 * @param {{ file: string, ending: string | undefined, tests: number, failed: number }} result
 * @returns {TestEvent | undefined}
 */
function brokenFile({ file, ending, tests, failed }) {
  if (ending === undefined && tests > 0) return undefined;
  if (ending === "exit code 1" && failed > 0) return undefined;
  const error = ending === undefined ? "there is no test in the file" : `the file ended with ${ending}`;
  return { passed: false, name: file, nesting: 0, suite: false, byChildren: false, seconds: 0, error };
}

/**
 * @param {readonly string[]} args of Node
 * @returns {Promise<{ ending: string | undefined, output: string }>} `ending` is undefined for exit code 0
 */
function runToEnd(args) {
  return new Promise((resolve) => {
    // set where a test runs this; the file would then write for node:test itself and not for our reporter
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const child = spawn(process.execPath, args, { cwd: root, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let hung = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
        output += text;
      });
    }
    const endAll = () => {
      if (child.pid !== undefined) killGroup(child.pid);
    };
    process.once("exit", endAll);
    const limit = setTimeout(
      () => {
        hung = true;
        endAll();
      },
      limitMinutes * 60 * 1000,
    );
    // what a test has left running would hold the pipes open
    child.once("exit", endAll);
    child.once("close", (code, signal) => {
      clearTimeout(limit);
      process.off("exit", endAll);
      const ended = signal ?? (code === 0 ? undefined : `exit code ${code}`);
      resolve({ ending: hung ? `no end after ${limitMinutes} minutes` : ended, output });
    });
  });
}

/** @param {number} leader */
function killGroup(leader) {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // it is gone already
  }
}

/**
 * @param {string} text
 * @returns {(TestEvent | { note: string })[]}
 */
function readLines(text) {
  // a process that dies may leave half a line
  const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}
