import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { cancelRun, listRuns, readEvents, removeRun, showRun } from "../../src/run/store.ts";
import { ScriptedModule } from "../support/scripted-module.ts";
import { processLives, until } from "../support/until.ts";

const limit = { timeout: 60_000 };

function hangingModule(): ScriptedModule {
  const module = new ScriptedModule("cancel");
  module.writeRows("data/rows.csv", 60_000);
  module.job("hangs", { map: "SELECT hang_at(x % 20000) AS c FROM input" });
  module.job("spawns", { map: "SELECT spawn_and_hang(x) AS c FROM input" });
  module.job("waits", { map: "SELECT CASE WHEN x % 20000 = 0 THEN wait_for_file(x) ELSE x END AS c FROM input" });
  return module;
}

describe("cancel", () => {
  for (const job of ["hangs", "spawns"]) {
    test(`ends workers that are in a loop, with what they started (${job})`, limit, async () => {
      const module = hangingModule();
      const abort = new AbortController();
      const run = module.submit(job, { signal: abort.signal });
      await until(() => module.pidsIn("hanging").length >= (job === "spawns" ? 4 : 2));
      abort.abort();
      const { outcome, error } = await run.finished;
      assert.equal(outcome, "cancelled");
      assert.equal(error?.code, "CANCELLED");
      await until(() => !module.pidsIn("hanging").some(processLives));
      const last = [...readEvents(module.module, run.id)].at(-1);
      assert.equal(last?.kind === "run.finished" && last.outcome, "cancelled");
      assert.equal(existsSync(module.path("out")) && readdirSync(module.path("out")).length > 0, false);
    });
  }

  test("before the run has begun ends it without a worker", limit, async () => {
    const module = hangingModule();
    const run = module.submit("hangs", { signal: AbortSignal.abort() });
    const { outcome } = await run.finished;
    assert.equal(outcome, "cancelled");
    assert.equal(
      [...readEvents(module.module, run.id)].some((event) => event.kind === "worker.started"),
      false,
    );
  });

  test("from another process ends the run, and gives its state", limit, async () => {
    const module = hangingModule();
    const owner = module.submitElsewhere("hangs");
    const exit = once(owner, "exit");
    await until(() => module.pidsIn("hanging").length >= 2);
    const [run] = listRuns(module.module);
    assert.equal(run?.state, "running");
    assert.throws(() => removeRun(module.module, run?.id ?? ""), /still going on/);
    const cancelled = await cancelRun(module.module, run?.id ?? "");
    assert.equal(cancelled.state, "cancelled");
    assert.deepEqual(await exit, [1, null]);
    await until(() => !module.pidsIn("hanging").some(processLives));
    removeRun(module.module, cancelled.id);
    assert.deepEqual(listRuns(module.module), []);
  });
});

describe("a process that owns a run and is killed", () => {
  for (const job of ["hangs", "spawns", "waits"]) {
    test(`leaves no worker (${job}), and its run is shown as lost`, limit, async () => {
      const module = hangingModule();
      const owner = module.submitElsewhere(job);
      const exit = once(owner, "exit");
      const file = job === "waits" ? "waiting" : "hanging";
      await until(() => module.pidsIn(file).length >= 2);
      owner.kill("SIGKILL");
      await exit;
      await until(() => !module.pidsIn(file).some(processLives));
      assert.equal(showRun(module.module).state, "lost");
    });
  }
});
