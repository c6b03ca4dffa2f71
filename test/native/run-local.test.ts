import assert from "node:assert/strict";
import { existsSync, linkSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import type { RunEvent } from "../../src/core/events.ts";
import { readEvents, showRun, summaryOf } from "../../src/run/store.ts";
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

function linesOf(file: string): string[] {
  return readFileSync(file, "utf8").trimEnd().split("\n");
}

describe("what a run gives", () => {
  test("a job's rows come out in order, computed by the functions", async () => {
    const module = new ScriptedModule("run");
    module.writeRows("data/rows.csv", 50_000);
    const output = module.job("halves", {});
    const { outcome, error, rows, outputRows, preview, columns } = await module.submit("halves").finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.deepEqual([rows, outputRows], [50_000, 50_000]);
    assert.deepEqual(preview[3], ["3", "1.5"]);
    assert.equal(preview.length, 20);
    assert.deepEqual(columns, [
      { name: "x", type: "BIGINT" },
      { name: "h", type: "DOUBLE" },
    ]);
    const expected = Array.from({ length: 50_000 }, (_, x) => `${x},${(x / 2).toFixed(1)}`);
    assert.deepEqual(linesOf(output), ["x,h", ...expected]);
  });

  test("reduce sees all mapped rows, whatever part they were in", async () => {
    const module = new ScriptedModule("run");
    module.job("sums", {
      input: flights,
      map: "SELECT origin, half(delay) AS h FROM input",
      reduce:
        "SELECT origin, sum(h) AS total, count(*) AS flights FROM mapped GROUP BY origin ORDER BY origin; -- done",
      output: "out/sums.parquet",
    });
    const { outcome, error, rows, outputPath } = await module.submit("sums").finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.equal(rows, 3_000_000);
    const expected = `SELECT origin, sum(delay / 2) AS total, count(*) AS flights FROM '${flights}' GROUP BY origin ORDER BY origin`;
    assert.deepEqual(await query(`FROM '${outputPath}'`), await query(expected));
  });

  test("a glob of files is one input, in the order of the names", async () => {
    const module = new ScriptedModule("run");
    for (const name of ["b", "c", "a"]) module.write(`data/${name}.csv`, `x,name\n1,${name}1\n2,${name}2\n`);
    const output = module.job("glob", { input: "data/*.csv", map: "SELECT name FROM input" });
    const { outcome, error } = await module.submit("glob").finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.deepEqual(linesOf(output), ["name", "a1", "a2", "b1", "b2", "c1", "c2"]);
  });

  test("a hundred small Parquet files are read as a few parts", async () => {
    const module = new ScriptedModule("run");
    module.job("one", { map: "SELECT x, name FROM input", output: "data/p000.parquet" });
    module.writeRows("data/rows.csv", 10);
    assert.equal((await module.submit("one").finished).outcome, "succeeded");
    for (let index = 1; index < 100; index++) {
      linkSync(module.path("data/p000.parquet"), module.path(`data/p${String(index).padStart(3, "0")}.parquet`));
    }
    module.job("many", { input: "data/*.parquet" });
    const run = module.submit("many");
    const { outcome, error, outputRows } = await run.finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.equal(outputRows, 1000);
    const started = [...readEvents(module.module, run.id)].filter((event) => event.kind === "part.started");
    assert.deepEqual(
      started.map(({ file, first, last }) => [file, first, last]),
      [["data/p000.parquet and 99 more files", 0, 999]],
    );
  });

  for (const format of ["parquet", "csv", "ndjson"] as const) {
    test(`${format} goes in and comes out with the same values`, async () => {
      const module = new ScriptedModule("run");
      const text = 'a,b,c\n1,x,\n2,"with, comma and ""quotes""",1.5\n3,häß\u{1F600},-2\n';
      module.write("data/source.csv", text);
      module.job("first", { input: "data/source.csv", map: "FROM input", output: `data/copy.${format}` });
      module.job("second", { input: `data/copy.${format}`, map: "FROM input", output: "out/copy.csv" });
      for (const job of ["first", "second"]) {
        const { outcome, error, preview } = await module.submit(job).finished;
        assert.equal(outcome, "succeeded", error?.message);
        assert.deepEqual(preview, [
          ["1", "x", null],
          ["2", 'with, comma and "quotes"', "1.5"],
          ["3", "häß\u{1F600}", "-2.0"],
        ]);
      }
      assert.equal(readFileSync(module.path("out/copy.csv"), "utf8"), text.replace("-2\n", "-2.0\n"));
    });
  }

  test("an output path that ends with a slash is a folder of parts", async () => {
    const module = new ScriptedModule("run");
    module.writeRows("data/rows.csv", 50_000);
    const output = module.job("parts", { output: "out/parts/" });
    const { outcome, error, outputRows } = await module.submit("parts").finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.equal(outputRows, 50_000);
    assert.deepEqual(readdirSync(output).sort(), ["part-000000.parquet", "part-000001.parquet"]);
    assert.deepEqual(await query(`SELECT count(*), sum(h) FROM '${output}*.parquet'`), [["50000", 624_987_500]]);
  });

  test("a reduced result goes into a folder too, and --overwrite replaces the folder as a whole", async () => {
    const module = new ScriptedModule("run");
    module.writeRows("data/rows.csv", 100);
    const output = module.job("parts", { reduce: "SELECT sum(h) AS s FROM mapped", output: "out/reduced/" });
    module.write("out/reduced/part-000007.parquet", "of an earlier run");
    const refused = await module.submit("parts").finished;
    assert.equal(refused.error?.code, "OUTPUT_EXISTS");
    const { outcome, error, preview } = await module.submit("parts", { overwrite: true }).finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.deepEqual(preview, [["2475.0"]]);
    assert.deepEqual(readdirSync(output), ["reduced-part-000000.parquet"]);
  });

  test("an input without rows gives an output without rows, with its columns", async () => {
    const module = new ScriptedModule("run");
    module.write("data/rows.csv", "x,name\n");
    module.job("empty", { map: "SELECT name FROM input", output: "out/empty.parquet" });
    const { outcome, error, outputRows, columns } = await module.submit("empty").finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.equal(outputRows, 0);
    assert.deepEqual(columns, [{ name: "name", type: "VARCHAR" }]);
  });

  test("a filter in map is applied to the rows of the part only", async () => {
    const module = new ScriptedModule("run");
    module.writeRows("data/rows.csv", 60_000);
    const output = module.job("filter", { map: "SELECT x FROM input WHERE count_call(x) % 20000 = 0" });
    const { outcome, error } = await module.submit("filter").finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.deepEqual(linesOf(output), ["x", "0", "20000", "40000"]);
    assert.equal(linesOf(module.path("calls")).length, 60_000, "each row was computed once");
  });

  test("input columns may have any name, and folders too", async () => {
    const module = new ScriptedModule("run [1] *");
    module.write("data/o'clock [x]/a*b.csv", 'select,"a ""b""",x\n1,2,3\n');
    const map = 'SELECT "select", "a ""b""", half(x) AS h FROM input -- all';
    const output = module.job("names", { map, input: "data/o'clock [x]/a*b.csv", output: "out/o'clock/out.csv" });
    const { outcome, error } = await module.submit("names").finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.deepEqual(linesOf(output), ['select,"a ""b""",h', "1,2,1.5"]);
  });
});

describe("the events of a run", () => {
  test("have numbers without a gap, begin with run.queued, end with run.finished, and are on disk as they are read", async () => {
    const module = new ScriptedModule("run");
    module.writeRows("data/rows.csv", 60_000);
    module.job("halves", {});
    const run = module.submit("halves");
    const events: RunEvent[] = [];
    for await (const event of run.events) events.push(event);
    const summary = await run.finished;
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, index) => index + 1),
    );
    assert.equal(events[0]?.kind, "run.queued");
    assert.equal(events.at(-1)?.kind, "run.finished");
    assert.deepEqual([...readEvents(module.module, run.id)], events);
    const { error: _, ...kept } = summary;
    assert.deepEqual(summaryOf(module.module, run.id), kept);
    assert.equal(showRun(module.module).state, "succeeded");
    const again: RunEvent[] = [];
    for await (const event of run.events) again.push(event);
    assert.deepEqual(again, events, "a second reader sees them all");
  });

  test("rows of progress grow up to the number of rows, and each worker says its memory at its end", async () => {
    const module = new ScriptedModule("run");
    module.job("halves", { input: flights, map: "SELECT half(delay) AS h FROM input", output: "out/h.parquet" });
    const run = module.submit("halves");
    const { peakWorkerBytes } = await run.finished;
    const events = [...readEvents(module.module, run.id)];
    const rows = events.flatMap((event) =>
      event.kind === "stage.progress" && event.stage === "map" ? [event.rows] : [],
    );
    assert.deepEqual(
      rows,
      rows.toSorted((left, right) => left - right),
    );
    assert.equal(rows.at(-1), 3_000_000);
    const exits = events.filter((event) => event.kind === "worker.exited");
    assert.deepEqual(
      exits.map(({ exitCode, signal }) => [exitCode, signal]),
      [
        [0, null],
        [0, null],
      ],
    );
    assert.ok((peakWorkerBytes ?? 0) > 50e6);
  });
});

test("a finished run leaves its events and logs, and nothing else", async () => {
  const module = new ScriptedModule("run");
  module.writeRows("data/rows.csv", 100);
  const output = module.job("halves", {});
  const run = module.submit("halves");
  await run.finished;
  assert.deepEqual(readdirSync(run.directory).sort(), [
    "events.ndjson",
    "logs",
    "owner.json",
    "plan.json",
    "summary.json",
  ]);
  assert.deepEqual(readdirSync(path.dirname(output)), ["halves.csv"]);
  assert.equal(existsSync(module.path(".native-udf/jobs")), true);
});
