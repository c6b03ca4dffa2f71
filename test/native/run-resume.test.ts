import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, truncateSync, utimesSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { readEvents, showRun } from "../../src/run/store.ts";
import { ScriptedModule } from "../support/scripted-module.ts";
import { until } from "../support/until.ts";

const limit = { timeout: 60_000 };
const rows = 200_000;

/** A job that fails in its last part unless the file `go` is there. */
function failingModule(): ScriptedModule {
  const module = new ScriptedModule("resume");
  module.writeRows("data/rows.csv", rows);
  writeJob(module, {});
  return module;
}

function writeJob(module: ScriptedModule, { factor = 1, output = "out/resume.csv" }): string {
  const map = `SELECT x, fail_unless_go(x) * ${factor} AS c FROM input`;
  return module.job("resume", { map, output });
}

async function failOnce(module: ScriptedModule): Promise<string> {
  const run = module.submit("resume");
  const { outcome } = await run.finished;
  assert.equal(outcome, "failed");
  return run.directory;
}

function assertWhole(file: string): void {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  assert.deepEqual(lines, ["x,c", ...Array.from({ length: rows }, (_, x) => `${x},${x}.0`)]);
}

describe("a run that failed", () => {
  test("is gone on with by the next of the same plan, which computes only what is missing", limit, async () => {
    const module = failingModule();
    const failed = await failOnce(module);
    const kept = readdirSync(path.join(failed, "parts")).length;
    assert.ok(kept > 0);
    module.write("go", "");
    const run = module.submit("resume", { workers: 1 });
    const { outcome, error, resumedParts } = await run.finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.equal(resumedParts, kept);
    const events = [...readEvents(module.module, run.id)];
    const started = events.find((event) => event.kind === "run.started");
    assert.equal(events.filter((event) => event.kind === "part.started").length, (started?.parts ?? 0) - kept);
    assert.equal(existsSync(path.join(failed, "parts")), false, "taken over");
    assert.equal(existsSync(path.join(run.directory, "parts")), false, "removed after success");
    assertWhole(module.path("out/resume.csv"));
  });

  test("is gone on with when only reduce or the output has been edited", limit, async () => {
    const module = failingModule();
    await failOnce(module);
    module.write("go", "");
    writeJob(module, { output: "out/other.csv" });
    assert.ok((await module.submit("resume").finished).resumedParts > 0);
    assertWhole(module.path("out/other.csv"));
  });

  const changes: [title: string, change: (module: ScriptedModule) => void][] = [
    ["map has been edited", (module) => writeJob(module, { factor: 2 })],
    ["the input has been written anew", (module) => utimesSync(module.path("data/rows.csv"), new Date(0), new Date(0))],
  ];
  for (const [title, change] of changes) {
    test(`is not gone on with when ${title}`, limit, async () => {
      const module = failingModule();
      await failOnce(module);
      module.write("go", "");
      change(module);
      const { outcome, resumedParts } = await module.submit("resume").finished;
      assert.deepEqual([outcome, resumedParts], ["succeeded", 0]);
    });
  }

  test("with a part that cannot be read is gone on with without that part", limit, async () => {
    const module = failingModule();
    const failed = await failOnce(module);
    const [first = "", ...others] = readdirSync(path.join(failed, "parts")).sort();
    truncateSync(path.join(failed, "parts", first), 100);
    module.write("go", "");
    const { outcome, error, resumedParts } = await module.submit("resume").finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.equal(resumedParts, others.length);
    assertWhole(module.path("out/resume.csv"));
  });
});

test(
  "a run whose process was killed is gone on with, and what it left beside the output is removed",
  limit,
  async () => {
    const module = failingModule();
    module.job("resume", { map: "SELECT x, wait_at_end(x) AS c FROM input", output: "out/resume.csv" });
    const owner = module.submitElsewhere("resume");
    const exit = once(owner, "exit");
    await until(() => existsSync(module.path("waiting")));
    const { id } = showRun(module.module);
    await until(() =>
      readdirSync(module.path(`.native-udf/runs/${id}/parts`)).some((file) => file.endsWith(".parquet")),
    );
    module.write(`out/.resume.csv.${id}.unfinished`, "half of a result");
    owner.kill("SIGKILL");
    await exit;
    module.write("go", "");
    const { outcome, error, resumedParts } = await module.submit("resume").finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.ok(resumedParts > 0);
    assert.deepEqual(readdirSync(module.path("out")), ["resume.csv"]);
    assertWhole(module.path("out/resume.csv"));
  },
);

describe("two runs at once", () => {
  test("of the same job with two outputs do not disturb each other", limit, async () => {
    const module = failingModule();
    module.write("go", "");
    const first = module.submit("resume");
    const firstEvents = first.events[Symbol.asyncIterator]();
    // the job is read when the first worker loads it
    for (let next = await firstEvents.next(); !next.done && next.value.kind !== "worker.started"; ) {
      next = await firstEvents.next();
    }
    const other = writeJob(module, { output: "out/other.csv" });
    const second = module.submit("resume");
    for (const { outcome, error } of [await first.finished, await second.finished]) {
      assert.equal(outcome, "succeeded", error?.message);
    }
    assertWhole(module.path("out/resume.csv"));
    assertWhole(other);
  });

  test("with the same output: one makes it, the other says that it exists", limit, async () => {
    const module = failingModule();
    module.write("go", "");
    const both = await Promise.all([module.submit("resume").finished, module.submit("resume").finished]);
    const codes = both.map(({ outcome, error }) => error?.code ?? outcome).sort();
    assert.deepEqual(codes, ["OUTPUT_EXISTS", "succeeded"]);
    assertWhole(module.path("out/resume.csv"));
    assert.deepEqual(readdirSync(module.path("out")), ["resume.csv"]);
  });

  test("of a plan that failed before: one of them gets its parts, and both are right", limit, async () => {
    const module = failingModule();
    await failOnce(module);
    module.write("go", "");
    const runs = [module.submit("resume", { overwrite: true }), module.submit("resume", { overwrite: true })];
    const both = await Promise.all(runs.map(({ finished }) => finished));
    assert.deepEqual(
      both.map(({ outcome, error }) => error?.message ?? outcome),
      ["succeeded", "succeeded"],
    );
    assert.equal(both.filter(({ resumedParts }) => resumedParts > 0).length, 1);
    assertWhole(module.path("out/resume.csv"));
  });
});
