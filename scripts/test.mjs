import { availableParallelism } from "node:os";
import { bootstrap } from "./bootstrap.mjs";
import { runCommand } from "./failure.mjs";

await runCommand(async () => {
  await bootstrap({ python: true });
  // now, as package managers refuse to run twice at once; what needs it says so where it cannot be had
  const { ensureDoctest } = await import("./doctest.mjs");
  await ensureDoctest().catch(() => undefined);
  const { bundleJob, testJobs } = await import("./test-jobs.mjs");
  const { keepTimes } = await import("./test-times.mjs");
  const { closing, formatOutcome } = await import("./test-report.mjs");

  const short = process.env.CI !== undefined && process.env.CI !== "" && process.env.CI !== "false";
  const waiting = testJobs(process.argv.slice(2));
  /** @type {import("./test-file.mjs").Outcome[]} */
  const outcomes = [];
  const runJob = async (/** @type {import("./test-jobs.mjs").Job} */ job) => {
    const outcome = await job.run();
    outcomes.push(outcome);
    process.stdout.write(`${formatOutcome(outcome, { short })}\n`);
  };
  const work = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) await runJob(job);
  };
  process.on("SIGINT", () => process.exit(130)).on("SIGTERM", () => process.exit(143));
  const start = performance.now();
  // the tests of the command line run what is bundled
  if (waiting.length > 0) await runJob(bundleJob);
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));

  keepTimes(outcomes);
  const { line, exitCode } = closing(outcomes);
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(`\n${outcomes.length} files and checks in ${seconds.toFixed(1)} s\n${line}\n`);
  return exitCode;
});
