import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { type RunEvent, runEventSchema } from "../../src/core/events.ts";
import { nativeUdf, startNativeUdf } from "../support/command-line.ts";
import { makeTroubledModule, rowCount, writeJob } from "./troubled-module.ts";

let root = "";
before(async () => {
  root = await makeTroubledModule();
});

type Started = {
  id: string;
  workers: number[];
  end: Promise<{ exitCode?: number | undefined; stdout: string }>;
  kill(signal: NodeJS.Signals): void;
};

/** Submits a job whose function never returns, and waits until its workers compute. */
async function startHanging(job: string): Promise<Started> {
  writeJob(root, job, { map: "SELECT never_returns(x) AS c FROM input" });
  const child = startNativeUdf(["submit", job, "--json", "--workers", "2"], { cwd: root });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  await until(() => text.includes('"kind":"part.started"'));
  const events = eventsIn(text);
  const workers = events.flatMap((event) => (event.kind === "worker.started" && event.pid !== null ? [event.pid] : []));
  assert.notEqual(workers.length, 0);
  return {
    id: events[0]?.run ?? "",
    workers,
    end: Promise.resolve(child).then(({ exitCode, stdout }) => ({ exitCode, stdout: String(stdout) })),
    kill: (signal) => void child.kill(signal),
  };
}

/** Those of whole lines. */
function eventsIn(text: string): RunEvent[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => runEventSchema.parse(JSON.parse(line)));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(20);
}

async function stateOf(id: string): Promise<string> {
  const { stdout } = await nativeUdf(["runs", "--json"], { cwd: root });
  return JSON.parse(stdout).runs.find((run: { id: string }) => run.id === id).state;
}

describe("a run whose workers hang in native code", () => {
  test("is ended by runs cancel, with all its workers", async () => {
    const run = await startHanging("cancel-me");
    const cancelled = await nativeUdf(["runs", "cancel", run.id], { cwd: root });
    assert.equal(cancelled.exitCode, 0, cancelled.stderr);
    assert.match(cancelled.stdout, /cancelled/);
    assert.deepEqual(run.workers.filter(isAlive), []);
    assert.equal((await run.end).exitCode, 130);
    assert.equal(await stateOf(run.id), "cancelled");
  });

  test("is ended by Ctrl-C, which says so as its last event", async () => {
    const run = await startHanging("interrupt-me");
    run.kill("SIGINT");
    const { exitCode } = await run.end;
    assert.equal(exitCode, 130);
    assert.deepEqual(run.workers.filter(isAlive), []);
    assert.equal(await stateOf(run.id), "cancelled");
  });

  test("leaves no worker behind when its own process is killed, and is then known as lost", async () => {
    const run = await startHanging("orphan-me");
    run.kill("SIGKILL");
    await run.end;
    await until(() => !run.workers.some(isAlive));
    assert.equal(await stateOf(run.id), "lost");
  });
});

test("a run whose reader goes away ends itself, and leaves no worker", async () => {
  writeJob(root, "unread", { map: "SELECT never_returns(x) AS c FROM input" });
  const child = startNativeUdf(["submit", "unread", "--json"], { cwd: root });
  let first = "";
  for await (const line of child.iterable()) {
    first = line;
    break; // closes the pipe
  }
  const { run } = runEventSchema.parse(JSON.parse(first));
  await child;
  assert.equal(await stateOf(run), "cancelled");
});

describe("two runs at once", () => {
  test("of different jobs do not disturb each other", async () => {
    const outputs = ["left", "right"].map((job) =>
      writeJob(root, job, { map: `SELECT x, '${job}' AS side, half(x) AS h FROM input` }),
    );
    const results = await Promise.all(
      ["left", "right"].map((job) => nativeUdf(["submit", job, "--quiet"], { cwd: root })),
    );
    assert.deepEqual(
      results.map(({ exitCode }) => exitCode),
      [0, 0],
    );
    for (const output of outputs) assert.equal(readFileSync(output, "utf8").trim().split("\n").length, rowCount + 1);
  });

  test("of the same job: one makes the output, the other is told that it exists, and nothing is left over", async () => {
    const output = writeJob(root, "same", { map: "SELECT x, half(x) AS h FROM input" });
    const results = await Promise.all([0, 1].map(() => nativeUdf(["submit", "same", "--quiet"], { cwd: root })));
    assert.deepEqual(results.map(({ exitCode }) => exitCode).sort(), [0, 2]);
    assert.match(results.find(({ exitCode }) => exitCode === 2)?.stderr ?? "", /output exists/);
    assert.equal(readFileSync(output, "utf8").trim().split("\n").length, rowCount + 1);
    assert.deepEqual(
      readdirSync(path.dirname(output)).filter((file) => file.startsWith(".")),
      [],
    );
  });
});

test("what a crashing worker wrote stays in the log of the run, and the run says the row after one more attempt", async () => {
  writeJob(root, "crash-log", { map: "SELECT crash_at(x) AS c FROM input" });
  const { exitCode, stdout } = await nativeUdf(["submit", "crash-log", "--json"], { cwd: root });
  assert.equal(exitCode, 1);
  const events = stdout.split("\n").map((line) => runEventSchema.parse(JSON.parse(line)));
  const attempts = events.flatMap((event) => (event.kind === "part.started" ? [event.attempt] : []));
  assert.deepEqual(attempts, [1, 2]);
  const deaths = events.filter((event) => event.kind === "worker.exited" && event.signal === "SIGSEGV");
  assert.equal(deaths.length, 1);
  const diagnostic = events.find((event) => event.kind === "diagnostic");
  assert.ok(diagnostic?.kind === "diagnostic" && diagnostic.diagnostic.origin === "crash");
  assert.match(diagnostic.diagnostic.message, /^row 1,500 of .*: crash_at\(\): it died of SIGSEGV/);
  assert.ok(existsSync(path.join(root, ".native-udf", "runs", events[0]?.run ?? "", "logs")));
});
