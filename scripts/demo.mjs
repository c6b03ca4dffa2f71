import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { Failure } from "./failure.mjs";
import { inProject, root } from "./project.mjs";
import { run } from "./run.mjs";

const demo = inProject("demo");
const inDemo = (/** @type {string[]} */ ...parts) => path.join(demo, ...parts);
const cli = inProject("dist", "cli.js");
const job = "by-origin";

/**
 * The main job, as a user would type it: a module, its artifact, its stubs, its job over three million flights. What is
 * up to date is not done again.
 * @returns {Promise<number>} the exit code
 */
export async function runDemo() {
  if (!existsSync(inDemo("native-udf.json"))) {
    const made = await nativeUdf(root, "new", "demo", "--template", "flights", "--name", "flight_features");
    if (made !== 0) return made;
  }
  for (const command of ["build", "stubs"]) {
    const exitCode = await nativeUdf(demo, command);
    if (exitCode !== 0) return exitCode;
  }
  const last = await lastRun();
  if (last && newest(inputs()) < newest([inDemo("out", `${job}.parquet`)])) {
    process.stdout.write("\nArtifact, job, config and input are unchanged since the last run, which is shown again.\n");
    return nativeUdf(demo, "runs", "show", last);
  }
  return nativeUdf(demo, "submit", job, "--overwrite");
}

/**
 * Runs one command of the product, shown as it would be typed; its output is ours.
 * @param {string} cwd
 * @param {string[]} args
 * @returns {Promise<number>} its exit code
 */
async function nativeUdf(cwd, ...args) {
  const place = cwd === root ? "" : `cd ${path.relative(root, cwd)} && `;
  process.stdout.write(`\n$ ${place}native-udf ${args.join(" ")}\n`);
  return (await run(process.execPath, [cli, ...args], { cwd, show: true })).exitCode;
}

/** The id of the newest run of the job that succeeded; undefined where there is none. */
async function lastRun() {
  const { exitCode, stdout, output } = await run(process.execPath, [cli, "runs", "list", "--json"], { cwd: demo });
  if (exitCode !== 0) throw new Failure(`the runs of demo/ cannot be read: ${output.trim()}`);
  /** @type {{ runs: { id: string, job: string, state: string }[] }} */
  const { runs } = JSON.parse(stdout);
  return runs.find((candidate) => candidate.job === job && candidate.state === "succeeded")?.id;
}

/** What the result is made of. The pointer to the current artifact is written by each build that made one. */
function inputs() {
  const folders = ["jobs", "config", "data"].map((folder) => inDemo(folder)).filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)));
  return [inDemo("native-udf.json"), inDemo(".native-udf", "current-release.json"), ...folders, ...files];
}

/**
 * When the newest of the files was changed, in milliseconds; 0 where there is none.
 * @param {readonly string[]} files
 */
function newest(files) {
  return Math.max(...files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0));
}
