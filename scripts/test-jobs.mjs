import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { buildBundles } from "./bundles.mjs";
import { Failure } from "./failure.mjs";
import { inProject } from "./project.mjs";
import { run } from "./run.mjs";
import { runTestFile } from "./test-file.mjs";
import { readTimes } from "./test-times.mjs";
import { ensureVscodeServer } from "./vscode-server.mjs";

/** @typedef {import("./test-file.mjs").Outcome} Outcome */
/** @typedef {{ name: string, run: () => Promise<Outcome> }} Job */

const require = createRequire(import.meta.url);
const packageFile = (/** @type {string} */ name, /** @type {string[]} */ ...parts) =>
  path.join(path.dirname(require.resolve(`${name}/package.json`)), ...parts);

/**
 * All that the test command runs, what takes long first; with filters only what has one of them in its name.
 * @param {readonly string[]} filters
 * @returns {Job[]}
 */
export function testJobs(filters) {
  const jobs = [
    vscodeJob,
    ...testFiles().map((file) => ({ name: file, run: () => runTestFile(file) })),
    checkJob("types (tsc)", [packageFile("typescript", "bin", "tsc"), "-p", "."]),
    checkJob("lint and format (biome)", [packageFile("@biomejs/biome", "bin", "biome"), "check", "."]),
  ];
  const times = readTimes();
  // the sort is stable: what has not run here yet comes first, in the order above
  jobs.sort((a, b) => (times[b.name] ?? Infinity) - (times[a.name] ?? Infinity) || 0);
  return filters.length === 0 ? jobs : jobs.filter(({ name }) => filters.some((filter) => name.includes(filter)));
}

/** Those with processes and builds before those of pure code, so that no long one is left for the end. */
const folders = ["spark", "e2e", "native", "unit"];

/** Test files relative to the project. */
function testFiles() {
  const rank = (/** @type {string} */ file) => folders.indexOf(file.split(path.sep)[1] ?? "");
  return readdirSync(inProject("test"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts") && !/^(?:fixtures|vscode)[\\/]/.test(file))
    .map((file) => path.join("test", file))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/**
 * The tests of the extension in a real VS Code, which is got first; one process, as they share it.
 * @type {Job}
 */
const vscodeJob = {
  name: "vscode",
  run: async () => {
    try {
      await ensureVscodeServer();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { name: "vscode", passed: 0, failed: 1, skipped: 0, seconds: 0, events: [], output: error.message };
    }
    return { ...(await runTestFile("test/vscode/all.ts")), name: "vscode" };
  },
};

/**
 * Writes the bundles; counts as one test.
 * @type {Job}
 */
export const bundleJob = {
  name: "bundles (esbuild)",
  run: async () => {
    const start = performance.now();
    const error = await buildBundles().then(
      () => undefined,
      (/** @type {unknown} */ cause) => (cause instanceof Error ? cause.message : String(cause)),
    );
    const failed = error === undefined ? 0 : 1;
    const seconds = (performance.now() - start) / 1000;
    return {
      name: "bundles (esbuild)",
      passed: 1 - failed,
      failed,
      skipped: 0,
      seconds,
      events: [],
      output: error ?? "",
    };
  },
};

/**
 * A check that counts as one test.
 * @param {string} name
 * @param {readonly string[]} args of Node
 * @returns {Job}
 */
function checkJob(name, args) {
  return {
    name,
    run: async () => {
      const start = performance.now();
      const { exitCode, output } = await run(process.execPath, args);
      const failed = exitCode === 0 ? 0 : 1;
      const seconds = (performance.now() - start) / 1000;
      return { name, passed: 1 - failed, failed, skipped: 0, seconds, events: [], output };
    },
  };
}
