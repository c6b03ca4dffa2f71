import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import type { Target } from "../../src/core/target.ts";
import type { RunSummary, SubmitOptions } from "../../src/run/submit.ts";
import { runTool } from "../../src/toolchain/run-tool.ts";
import { FailingModule, query } from "../native/failing/failing-module.ts";
import { projectRoot } from "../support/command-line.ts";
import { follow } from "../support/follow.ts";
import { type Spark, spark } from "../support/spark.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/*
 * Hadoop's view of folders under other addresses (viewfs) is the cluster's storage here, and its default: DuckDB cannot
 * read it, and a bare path means something in it. HDFS itself is in yarn.test.ts.
 */

const rows = 1000;
let installed: Spark;
let module: FailingModule;
let storage: string;

before(async () => {
  [installed, module] = await Promise.all([spark("4.3"), FailingModule.make()]);
  Object.assign(process.env, installed.environment);
  storage = temporaryFolder("storage");
  mkdirSync(path.join(storage, "numbers"));
  await module.writeNumbers("data/part-0.parquet", { rows });
  await module.writeNumbers("data/part-1.parquet", { begin: rows, rows });
  for (const part of ["part-0", "part-1"]) {
    const copy = `COPY (FROM '${module.path(`data/${part}.parquet`)}') TO '${storage}/numbers/${part}.parquet'`;
    await query(copy);
  }
});

function withStorage(): Target {
  const settings = {
    "spark.ui.enabled": false,
    "spark.hadoop.fs.defaultFS": "viewfs://lake/",
    "spark.hadoop.fs.viewfs.mounttable.lake.link./data": `file://${storage}`,
  };
  return {
    ...{ kind: "spark", name: "with a storage" },
    spark: { kind: "spark", master: "local[2]", python: installed.python, settings },
  };
}

async function run(job: string, options: Partial<SubmitOptions> = {}): Promise<RunSummary> {
  return (await follow(module.submit(job, { target: withStorage(), ...options }))).summary;
}

const halves = {
  map: "SELECT number, throws(number, 0) AS half, name FROM input",
  reduce: "SELECT number % 7 AS rest, count(*) AS n, sum(half) AS halves FROM mapped GROUP BY rest ORDER BY rest",
};

describe("a job whose input and output are addresses", () => {
  test("is planned with the columns that Spark finds, and its result is written there, whole and once", async () => {
    module.writeJob("here", { ...halves, input: { path: "data/part-*.parquet" } });
    assert.equal((await module.submit("here").finished).outcome, "succeeded");
    const local = await query(`FROM '${module.path("out/here.parquet")}'`);
    module.writeJob("there", {
      ...halves,
      input: { path: "viewfs://lake/data/numbers/part-*.parquet" },
      output: { path: "viewfs://lake/data/result/" },
    });
    const summary = await run("there");
    assert.equal(summary.error, undefined);
    assert.deepEqual([summary.rows, summary.outputRows], [2 * rows, 7]);
    const result = `FROM '${storage}/result/*.parquet'`;
    assert.deepEqual(await query(result), local);
    const failing = {
      map: "SELECT throws(number, 1500) AS half FROM input",
      input: { path: "viewfs://lake/data/numbers/" },
    };
    module.writeJob("late", { ...failing, output: { path: "viewfs://lake/data/result/" } });
    const late = await run("late", { overwrite: true });
    assert.equal(late.error?.code, "ROW_ERROR");
    const { file = "", line = 0 } = late.diagnostics[0]?.location ?? {};
    assert.equal(`${file}:${line}`, module.markedLine("throws"));
    assert.deepEqual(await query(result), local);
    const again = await run("there", { overwrite: true });
    assert.equal(again.error, undefined);
    assert.deepEqual(await query(result), local);
    assert.deepEqual(readdirSync(storage).sort(), ["numbers", "result"]);
  });

  test("replaces nothing that no run wrote, nor what it reads", async () => {
    const { stdout, exitCode, stderr } = await runTool({
      command: installed.python,
      args: [path.join(import.meta.dirname, "storage", "refusals.py"), path.join(projectRoot, "src/run/spark/driver")],
      env: { ...process.env, ...installed.environment },
      cwd: temporaryFolder("refusals"),
    });
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(stdout.trim().split("\n"), [
      "free: nothing stands against it",
      "taken: output exists: the output exists",
      "taken, to be replaced: nothing stands against it",
      "somebody's file in it: output in the way: the folder holds something that no run wrote (notes.txt)",
      "a file: output in the way: it is a file, and Spark writes a folder",
      "the root: output in the way: it is the root of a storage, and the result a folder in one",
      "the input's folder: output in the way: the job reads it",
      "the input, by another address: output in the way: the job reads it",
      "the input, by a pattern: output in the way: the job reads it",
      "broken: the storage is gone; there are 1 rows as before",
      "beaten: output exists: another run has written the output meanwhile",
      "there are 7 rows of the other run, and no folder within: True",
      "there are 5 rows now",
    ]);
  });

  test("is refused by the local runner, and with formats that Spark reads otherwise, before anything starts", async () => {
    const local = await module.submit("there").finished;
    assert.equal(local.error?.code, "OUTPUT_NOT_WRITABLE");
    assert.match(local.error?.message ?? "", /Submit the job to a Spark target/);
    module.writeJob("to-csv", { map: halves.map, output: { path: "viewfs://lake/data/out.csv" } });
    assert.equal((await run("to-csv")).error?.code, "JOB_INVALID");
    assert.equal((await module.submit("to-csv").finished).error?.code, "OUTPUT_NOT_WRITABLE");
  });
});

test("files of this machine stay such where the cluster's storage is the default, whatever their names", async () => {
  const odd = "data/numbers [1] {a,b} ?*.parquet";
  await module.writeNumbers(odd, { rows });
  module.writeJob("odd", { ...halves, input: { path: odd }, output: { path: "out/odd {1} [a].parquet" } });
  const summary = await run("odd");
  assert.equal(summary.error, undefined);
  const [counted] = await query(`SELECT sum(n)::INT FROM '${module.path("out/odd {1} [[]a].parquet")}'`);
  assert.deepEqual(counted, [rows]);
});
