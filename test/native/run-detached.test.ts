import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { UdfError } from "../../src/core/error.ts";
import type { RunEvent } from "../../src/core/events.ts";
import { startDetached } from "../../src/run/detached.ts";
import { followRun } from "../../src/run/follow.ts";
import { ownerOf, runFolder } from "../../src/run/run-folder.ts";
import { cancelRun, listRuns, readEvents, showRun } from "../../src/run/store.ts";
import { ScriptedModule, scriptedArtifacts } from "../support/scripted-module.ts";
import { processLives, until } from "../support/until.ts";

const limit = { timeout: 60_000 };

function request(module: ScriptedModule, job: string) {
  return { module: module.module, job, artifacts: scriptedArtifacts(module.root) };
}

describe("a run in the background", () => {
  test("goes on in a process of its own, and is told from its folder while it does", limit, async () => {
    const module = new ScriptedModule("detached");
    module.writeRows("data/rows.csv", 1000);
    const output = module.job("waits", { map: "SELECT wait_for_file(x) AS w FROM input" });
    const { id } = await startDetached(request(module, "waits"));
    const folder = runFolder(module.module, id);
    const kinds: string[] = [];
    const followed = (async () => {
      for await (const events of followRun(folder)) kinds.push(...events.map(({ kind }: RunEvent) => kind));
    })();
    await until(() => kinds.includes("part.started"));
    assert.equal(showRun(module.module, id).state, "running");
    assert.notEqual(ownerOf(folder)?.pid, process.pid);
    writeFileSync(module.path("go"), "");
    await followed;
    assert.equal(kinds.at(-1), "run.finished");
    assert.deepEqual(
      kinds,
      [...readEvents(module.module, id)].map(({ kind }) => kind),
    );
    assert.equal(showRun(module.module, id).state, "succeeded");
    // the file has a head
    assert.equal(readFileSync(output, "utf8").trim().split("\n").length, 1001);
    await until(() => !processLives(ownerOf(folder)?.pid ?? 0));
  });

  test("is cancelled by whoever asks", limit, async () => {
    const module = new ScriptedModule("detached-cancel");
    module.writeRows("data/rows.csv", 2000);
    module.job("hangs", { map: "SELECT hang_at(x) AS h FROM input" });
    const { id } = await startDetached(request(module, "hangs"));
    await until(() => module.pidsIn("hanging").length > 0);
    assert.equal((await cancelRun(module.module, id)).state, "cancelled");
    await until(() => !module.pidsIn("hanging").some(processLives));
  });

  test("ends when the module's folder is deleted, with its workers", limit, async () => {
    const module = new ScriptedModule("detached-deleted");
    module.writeRows("data/rows.csv", 2000);
    module.job("hangs", { map: "SELECT hang_at(x) AS h FROM input" });
    const { id } = await startDetached(request(module, "hangs"));
    await until(() => module.pidsIn("hanging").length > 0);
    const processes = [ownerOf(runFolder(module.module, id))?.pid ?? 0, ...module.pidsIn("hanging")];
    assert.ok(processes.every(processLives));
    rmSync(module.root, { recursive: true });
    await until(() => !processes.some(processLives));
  });

  test("that cannot begin is refused with the reason, in the caller", limit, async () => {
    const module = new ScriptedModule("detached-refused");
    await assert.rejects(startDetached(request(module, "absent")), (error) => {
      assert.ok(error instanceof UdfError);
      assert.equal(error.code, "JOB_UNKNOWN");
      return true;
    });
  });
});

describe("a run store with a file that is no longer what was written", () => {
  test("still lists the other runs, and names the line", limit, async () => {
    const module = new ScriptedModule("corrupt");
    module.writeRows("data/rows.csv", 10);
    module.job("halves", {});
    const whole = await module.submit("halves").finished;
    module.job("halves", { output: "out/again.csv" });
    const broken = await module.submit("halves").finished;
    const folder = runFolder(module.module, broken.id).path;
    writeFileSync(path.join(folder, "summary.json"), "{");
    const events = path.join(folder, "events.ndjson");
    const lines = readFileSync(events, "utf8").split("\n").length;
    appendFileSync(events, "\u0000garbage\n");
    assert.ok(existsSync(events));
    const states = Object.fromEntries(listRuns(module.module).map(({ id, state }) => [id, state]));
    assert.deepEqual(states, { [whole.id]: "succeeded", [broken.id]: "lost" });
    assert.throws(
      () => [...readEvents(module.module, broken.id)],
      (error) => {
        assert.ok(error instanceof UdfError);
        assert.equal(error.code, "RUN_UNREADABLE");
        assert.equal(error.where, `${events}:${lines}`);
        return true;
      },
    );
  });
});
