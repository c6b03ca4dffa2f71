import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { readEvents, showRun } from "../../src/run/store.ts";
import { projectRoot } from "../support/command-line.ts";
import { ScriptedModule } from "../support/scripted-module.ts";

const flights = path.join(projectRoot, "node_modules", "vega-datasets", "data", "flights-3m.parquet");

/** Asks DuckDB itself, in this process. */
async function query(sql: string): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create()).connect();
  const rows = (await connection.runAndReadAll(sql)).getRowsJson();
  connection.closeSync();
  return rows;
}

describe("a run on a sample", () => {
  test("takes the first rows of a Parquet file, in several parts where they are many, and reduces them alone", async () => {
    const module = new ScriptedModule("sample");
    module.job("sums", {
      input: flights,
      map: "SELECT origin, half(delay) AS h FROM input",
      reduce: "SELECT origin, sum(h) AS total, count(*) AS flights FROM mapped GROUP BY origin ORDER BY origin",
      output: "out/sums.parquet",
    });
    const { outcome, error, rows, outputPath } = await module.submit("sums", { sampleRows: 300_000 }).finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.equal(rows, 300_000);
    const first = `(SELECT * FROM read_parquet('${flights}', file_row_number = true) WHERE file_row_number < 300000)`;
    const expected = `SELECT origin, sum(delay / 2) AS total, count(*) AS flights FROM ${first} GROUP BY origin ORDER BY origin`;
    assert.deepEqual(await query(`FROM '${outputPath}'`), await query(expected));
  });

  test("writes its result to the run's folder, and leaves the job's output as it is, whether it is there or not", async () => {
    const module = new ScriptedModule("sample");
    module.writeRows("data/rows.csv", 30_000);
    const output = module.job("halves", {});
    const first = await module.submit("halves", { sampleRows: 3 }).finished;
    assert.equal(first.outcome, "succeeded", first.error?.message);
    assert.ok(!existsSync(path.dirname(output)));
    assert.equal(first.outputPath, path.join(first.logPath, "sample", "halves.csv"));
    assert.equal(readFileSync(first.outputPath, "utf8"), "x,h\n0,0.0\n1,0.5\n2,1.0\n");

    module.write("out/halves.csv", "the author's own");
    const second = await module.submit("halves", { sampleRows: 1 }).finished;
    assert.equal(second.outcome, "succeeded", second.error?.message);
    assert.equal(readFileSync(output, "utf8"), "the author's own");
  });

  test("goes over the ends of files, and reads no more files than it needs", async () => {
    const module = new ScriptedModule("sample");
    module.write("data/a.csv", "x\n0\n1\n");
    module.write("data/b.csv", "x\n2\n3\n4\n");
    module.write("data/c.csv", "x\n5\nthis is no number\n");
    const map = "SELECT count_call(x) AS x FROM input";
    module.job("some", { input: "data/*.csv", map, output: "out/some/" });
    const { outcome, error, preview, outputPath } = await module.submit("some", { sampleRows: 4 }).finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.deepEqual(preview, [["0.0"], ["1.0"], ["2.0"], ["3.0"]]);
    assert.ok(outputPath && readdirSync(outputPath).length > 0);
    assert.equal(readFileSync(module.path("calls"), "utf8"), "0\n1\n2\n3\n");
  });

  test("goes over the ends of Parquet files that are computed together", async () => {
    const module = new ScriptedModule("sample");
    for (const [name, from] of [
      ["a", 0],
      ["b", 10],
      ["c", 20],
    ] as const) {
      await query(
        `COPY (SELECT x::DOUBLE AS x FROM range(${from}, ${from + 10}) t(x)) TO '${module.path(`data/${name}.parquet`)}'`,
      );
    }
    module.job("some", {
      input: "data/*.parquet",
      map: "SELECT count_call(x) AS x FROM input",
      output: "out/some.csv",
    });
    const { outcome, error, rows, outputPath } = await module.submit("some", { sampleRows: 13 }).finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.equal(rows, 13);
    const expected = Array.from({ length: 13 }, (_, x) => `${x}.0\n`).join("");
    assert.equal(readFileSync(outputPath ?? "", "utf8"), `x\n${expected}`);
    const called = readFileSync(module.path("calls"), "utf8").trimEnd().split("\n").map(Number);
    assert.deepEqual(
      called.sort((a, b) => a - b),
      Array.from({ length: 13 }, (_, x) => x),
    );
  });

  test("takes all rows where there are fewer, and says in its first event that it is a sample", async () => {
    const module = new ScriptedModule("sample");
    module.write("data/rows.ndjson", '{"x":1}\n{"x":2}\n');
    module.job("few", { input: "data/rows.ndjson", map: "SELECT half(x) AS h FROM input" });
    const { id, outcome, error, preview } = await module.submit("few", { sampleRows: 10_000 }).finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.deepEqual(preview, [["0.5"], ["1.0"]]);
    const [queued] = readEvents(module.module, id);
    assert.equal(queued?.kind === "run.queued" ? queued.sampleRows : undefined, 10_000);
  });

  test("is listed as one, so that the same can be run again; a run of all rows is not", async () => {
    const module = new ScriptedModule("sample");
    module.writeRows("data/rows.csv", 5);
    module.job("halves", {});
    const sample = await module.submit("halves", { sampleRows: 3 }).finished;
    const whole = await module.submit("halves").finished;
    assert.equal(showRun(module.module, sample.id).sampleRows, 3);
    assert.equal(showRun(module.module, whole.id).sampleRows, undefined);
  });
});
