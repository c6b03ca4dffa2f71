import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Module } from "../../src/core/module.ts";
import { loadModule } from "../../src/module/load-module.ts";
import { cancelRun, listRuns, summaryOf } from "../../src/run/store.ts";
import { nativeUdf } from "../support/command-line.ts";
import { pathOfLinks } from "../support/path-of-links.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { processLives, until } from "../support/until.ts";
import { DebugClient } from "./debug-client.ts";

/*
 * The real debug adapter of this machine, with the flights module and its three million rows.
 */

const limit = { timeout: 120_000 };
const folder = temporaryFolder("debug");
const root = path.join(folder, "flights demo");
const airports = path.join(root, "src", "airports.cpp");
const launch = { module: root, job: "by-origin" };
let module: Module;
/** Inside of Airports::route, after its arguments have been looked up. */
let line = 0;

before(async () => {
  const made = await nativeUdf(["new", root, "--name", "flight_features"], { cwd: folder });
  assert.equal(made.exitCode, 0, made.stderr);
  module = loadModule(root);
  line = lineOf("const double x = from.x - to.x");
});

function lineOf(text: string): number {
  const found = readFileSync(airports, "utf8")
    .split("\n")
    .findIndex((candidate) => candidate.includes(text));
  assert.ok(found >= 0, `${text} is not in ${airports}`);
  return found + 1;
}

/** A session that stands in Airports::route, with the thread it stands in. */
async function stoppedInRoute(): Promise<{ client: DebugClient; threadId: number }> {
  const client = new DebugClient();
  await client.begin(launch);
  await client.setBreakpoints(airports, [line]);
  await client.request("configurationDone");
  const { reason, threadId } = await client.stopped();
  assert.equal(reason, "breakpoint");
  return { client, threadId };
}

async function noneLives(pids: readonly number[]): Promise<void> {
  await until(() => !pids.some(processLives));
}

describe("a job under a debugger", () => {
  test("stops in the C++ with the row's values, steps, and succeeds when it goes on", limit, async () => {
    const { client, threadId } = await stoppedInRoute();
    const pids = client.processes();
    const [frame] = await client.frames(threadId);
    assert.equal(frame?.source?.path, airports);
    assert.equal(frame?.line, line);
    assert.match(frame?.name ?? "", /^Airports::route/);
    const variables = await client.variables(frame?.id ?? -1);
    const [origin, destination] = await firstFlight();
    assert.equal(variables.get("origin"), JSON.stringify(origin));
    assert.equal(variables.get("destination"), JSON.stringify(destination));

    await client.request("next", { threadId });
    assert.equal((await client.stopped()).reason, "step");
    const [after] = await client.frames(threadId);
    assert.equal(after?.source?.path, airports);
    assert.ok((after?.line ?? 0) > line, `${after?.line}`);

    await client.setBreakpoints(airports, []);
    await client.request("continue", { threadId });
    await client.event("terminated");
    const [run] = listRuns(module);
    assert.equal(run?.state, "succeeded", client.text);
    const { outputPath, rows } = summaryOf(module, run?.id ?? "");
    assert.equal(rows, 3_000_000);
    assert.ok(outputPath?.startsWith(path.join(module.state, "runs")) && existsSync(outputPath), `${outputPath}`);
    assert.ok(!existsSync(path.join(root, "out")), "the job's own output is left alone");
    assert.deepEqual(await client.leave(), { exitCode: 0, stderr: "" });
    await noneLives(pids);
  });

  test("ends with all its processes when the session is stopped", limit, async () => {
    const { client } = await stoppedInRoute();
    const pids = client.processes();
    assert.ok(pids.length >= 2, "the adapter and the worker");
    await client.leave();
    await noneLives(pids);
    assert.equal(listRuns(module)[0]?.state, "cancelled");
  });

  test("ends with all its processes when whatever speaks with the editor is killed", limit, async () => {
    const { client } = await stoppedInRoute();
    const pids = client.processes();
    client.kill();
    await noneLives(pids);
    assert.equal(listRuns(module)[0]?.state, "lost");
  });

  test("is cancelled by another command, which ends the session", limit, async () => {
    const { client } = await stoppedInRoute();
    const pids = client.processes();
    assert.equal((await cancelRun(module, listRuns(module)[0]?.id ?? "")).state, "cancelled");
    await client.event("terminated");
    await noneLives(pids);
    assert.equal((await client.leave()).exitCode, 0);
  });

  test("computes every row again after a session that was stopped", limit, async () => {
    const { client, threadId } = await stoppedInRoute();
    const [frame] = await client.frames(threadId);
    const [origin] = await firstFlight();
    assert.equal((await client.variables(frame?.id ?? -1)).get("origin"), JSON.stringify(origin));
    await client.leave();
  });
});

describe("a breakpoint that cannot bind says why", () => {
  test(
    "on a line without code, in a file that is not compiled, in a job, and in a file of no module",
    limit,
    async () => {
      const client = new DebugClient();
      await client.begin(launch);
      const [noCode] = await client.setBreakpoints(airports, [1]);
      const [notCompiled] = await client.setBreakpoints(path.join(root, "src", "absent.cpp"), [1]);
      const [inJob] = await client.setBreakpoints(path.join(root, "jobs", "by-origin.job.ts"), [5]);
      const [elsewhere] = await client.setBreakpoints(path.join(folder, "other.cpp"), [1]);
      assert.match(noCode?.message ?? "", /It binds when/);
      assert.match(inJob?.message ?? "", /^Only the C\+\+/);
      assert.match(elsewhere?.message ?? "", /is not in the module/);
      await client.request("configurationDone");
      const explained = (message: string | undefined) => message !== undefined && !/It binds when/.test(message);
      const first = lineOf("std::uint64_t packed(std::string_view code) {");
      assert.deepEqual(await client.changed(noCode?.id, ({ message }) => explained(message)), {
        ...{ id: noCode?.id, verified: false },
        message: `Line 1 has no code. The nearest line that has some: ${first}.`,
      });
      const { verified, message } = await client.changed(notCompiled?.id, (told) => explained(told.message));
      assert.equal(verified, false);
      assert.match(message ?? "", /^src\/absent\.cpp is in no code of the module/);
      await client.leave();
    },
  );
});

describe("a debug session that cannot begin", () => {
  test("names the package to install where there is no debug adapter", limit, async () => {
    const bin = pathOfLinks(folder, [], { "apt-get": "exit 1" });
    const client = new DebugClient({ PATH: bin, NATIVE_UDF_DEBUGGER: "" });
    const { success, message } = await client.initialize();
    assert.equal(success, false);
    assert.match(message ?? "", /^there is no debug adapter on this machine\. Install it: .*apt-get install .*lldb\b/);
    await client.leave();
  });

  test("names the job that is not there", limit, async () => {
    const client = new DebugClient();
    await client.initialize();
    const { success, message } = await client.request("launch", { ...launch, job: "by-orign" });
    assert.equal(success, false);
    assert.match(message ?? "", /there is no job "by-orign"/);
    await client.leave();
  });

  test("says what a launch lacks", limit, async () => {
    const client = new DebugClient();
    await client.initialize();
    const { success, message } = await client.request("launch", { module: root });
    assert.equal(success, false);
    assert.match(message ?? "", /job/);
    await client.leave();
  });
});

/** Origin and destination of the first row, as DuckDB reads it. */
async function firstFlight(): Promise<string[]> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const sql = `SELECT origin, destination FROM '${root}/data/flights-3m.parquet' LIMIT 1`;
  const [row = []] = (await connection.runAndReadAll(sql)).getRowsJson();
  connection.closeSync();
  return row.map(String);
}
