import assert from "node:assert/strict";
import path from "node:path";
import { before, describe, test } from "node:test";
import * as duckdb from "@duckdb/node-api";
import bindings from "@duckdb/node-bindings";
import { formatDeclaration } from "../../src/core/manifest.ts";
import { loadModule } from "../../src/module/load-module.ts";
import { readEvents } from "../../src/run/store.ts";
import { pythonPackages, pythons } from "../support/python.ts";
import { KindsModule } from "./function-kinds/kinds-module.ts";
import { columnOf, inPython } from "./sdk/python-host.ts";
import { attempts, nodeProgram, pythonAttempts, pythonProgram } from "./stubs/program.ts";

let module: KindsModule;
before(async () => {
  module = await KindsModule.make();
});

const inNode = (body: string) => nodeProgram(path.join(module.stubs, "function_kinds.ts"), `${attempts}\n${body}`);

async function inPyarrow(body: string): Promise<unknown> {
  const [python] = await pythons();
  assert.ok(python);
  const packages = await pythonPackages(python);
  const text = `${pythonAttempts}import pyarrow as pa\nc = udf.columns\n${body}`;
  return pythonProgram({ python, stubs: module.stubs, module: "function_kinds", body: text, packages });
}

async function query(sql: string): Promise<unknown[][]> {
  const connection = await (await duckdb.DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  await (await module.duckdbStub()).register(connection, duckdb, bindings);
  return (await connection.runAndReadAll(sql)).getRowsJson();
}

test("a description says the kind, and the arguments of an aggregate as one row has them", () => {
  assert.deepEqual(module.built.manifest.functions.map(formatDeclaration), [
    "batch scaled(x: double, by: double = 3) -> double",
    "batch rows_seen(x: double) -> int64",
    "batch greeting(name: string?) -> string?",
    "batch positive(x: int32) -> bool",
    "batch lengths(vectors: list(double)) -> double",
    "batch too_few(x: double) -> double",
    "batch refuse(x: double) -> double",
    "batch shifted(x: double) -> double",
    "aggregate mean_of(x: double) -> double?",
    "aggregate extremes(text: string, known: bool?) -> Extremes{shortest: string, longest: string, unknown: int64}",
    "aggregate refusing(value: int64) -> int64",
    "aggregate merges(value: bool?) -> int64",
    "aggregate joined(value: int64) -> string",
    "table words(text: string) -> list(string)",
    "table halvings(value: double) -> list(Step{number: int64, value: double})",
    "say(value: int64) -> int64",
  ]);
});

describe("a batch function", () => {
  test("from Node: whole columns, with defaults, a config, lists, and one row", async () => {
    const result = await inNode(`const c = udf.columns; const result = [
      c.scaled(Float64Array.of(1, 2.5), Float64Array.of(2, 4)).values, c.scaled(Float64Array.of(1, 2.5)).values,
      [...c.positive(Int32Array.of(-1, 0, 7)).values], c.lengths([[3, 4], [], [1]]).values, c.shifted([1]).values,
      udf.scaled(2, 5), udf.greeting("you"), udf.greeting(null), c.scaled(new Float64Array(0)).values];`);
    assert.deepEqual(result, [[2, 10], [3, 7.5], [0, 0, 1], [5, 0, 1], [1.5], 10, "hello you", "who?", []]);
  });

  test("does not see rows with a null that it must not see, whose result is null; the others keep their places", async () => {
    const result = await inNode(`const c = udf.columns; const result = [
      c.scaled([1, null, 3, 4], [1, 1, null, 2]), c.rows_seen([null, 1, null, 2, 3]), c.rows_seen([null]),
      c.lengths([[3, 4], null, [1]]), [...c.greeting(["a", null, ""])], udf.rows_seen(null)];`);
    const column = (values: unknown[], valid: number) => ({ values, validity: [valid, 0, 0, 0, 0, 0, 0, 0] });
    assert.deepEqual(result, [
      column([1, 0, 0, 8], 0b1001),
      column(["0n", "3n", "0n", "3n", "3n"], 0b11010),
      column(["0n"], 0),
      column([5, 0, 1], 0b101),
      ["hello a", "who?", null],
      null,
    ]);
  });

  test("with nulls here and there in 10,000 rows agrees with the same arithmetic in JavaScript", async () => {
    const result =
      await inNode(`const x = Array.from({ length: 10000 }, (_, i) => (i % 7 === 0 || i > 9990 ? null : i / 3));
      const by = x.map((_, i) => (i % 64 === 5 ? null : i));
      const { values, validity } = udf.columns.scaled(x, by);
      const result = x.filter((v, i) => {
        const valid = ((validity![i >> 3]! >> (i & 7)) & 1) === 1;
        const expected = v === null || by[i] === null ? null : v * by[i]!;
        return expected === null ? valid || values[i] !== 0 : !valid || values[i] !== expected;
      }).length;`);
    assert.equal(result, 0);
  });

  test("with another number of results than rows is an error that names both", async () => {
    const message = "it gave 2 results for 5 rows";
    assert.deepEqual(await inNode("const result = attempt(() => udf.columns.too_few(new Float64Array(5)));"), [
      message,
    ]);
    assert.deepEqual(await inPyarrow(`print(json.dumps(attempt(lambda: c.too_few(pa.array([1.0] * 5)))))`), [
      `RowError: ${message}`,
    ]);
  });

  test("that throws is an error of no certain row", async () => {
    const result = await inNode(`let result; try { udf.columns.refuse([1, -1]); } catch (error) {
      const { code, message, function: name, row } = error as never; result = [code, message, name, row ?? "no row"]; }`);
    assert.deepEqual(result, ["UDF_ROW_ERROR", "below zero", "refuse", "no row"]);
  });

  test("from Python and through the C door", async () => {
    const result = await inPyarrow(`x = pa.array([1.0, None, 3.0])
print(json.dumps([c.scaled(x).to_pylist(), c.scaled(x, pa.array([2.0, 2.0, 2.0])).to_pylist(), c.rows_seen(x).to_pylist(),
  c.greeting(pa.array(["a", None])).to_pylist(), c.lengths(pa.array([[3.0, 4.0], None])).to_pylist(), udf.scaled(2.0)]))`);
    assert.deepEqual(result, [[3, null, 9], [2, null, 6], [2, null, 2], ["hello a", "who?"], [5, null], 6]);
    const [python] = await pythons();
    const bytes = new Uint8Array(Float64Array.of(1, 2, 4).buffer);
    const doubles = { format: "g", length: 3, buffers: [Uint8Array.of(0b101), bytes] };
    const [answer] = await inPython(
      { command: python?.command ?? "", module: "function_kinds", artifact: module.built.artifactPath },
      [{ do: "columns", index: 0, arrays: [doubles], door: "c" }],
    );
    // as Python's float.hex() writes 3 and 12
    assert.deepEqual(columnOf(answer).values, ["0x1.8000000000000p+1", null, "0x1.8000000000000p+3"]);
  });

  test("in a job gives each row the result that DuckDB's arithmetic gives", async () => {
    const { outcome, error, preview } = await module.submit({
      map: "SELECT id, scaled(id, id + 1) AS s, scaled(CASE WHEN id % 3 = 0 THEN id END) AS t FROM input",
      reduce: `SELECT count(*) FILTER (s = id * (id + 1.0)), count(t), sum(t), count(*) FROM mapped`,
    }).finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.deepEqual(preview, [["3000", "1000", `${9 * ((999 * 1000) / 2)}.0`, "3000"]]);
  });
});

describe("an aggregate", () => {
  test("from Node: the values of one group, or a list for each group; nulls are left out, and an empty group has a result", async () => {
    const result = await inNode(`const c = udf.columns; const result = [
      udf.mean_of([1, 2, null, 6]), udf.mean_of(Float64Array.of(1, 2)), udf.mean_of(null), udf.mean_of([]),
      c.mean_of([[1, 2], [], null, [null], [5]]),
      udf.extremes(["aa", null, "b", "ccc"], [null, null, true, null]), udf.extremes([], [])];`);
    assert.deepEqual(result, [
      ...[3, 1.5, null, null],
      { values: [1.5, 0, 0, 0, 5], validity: [0b10001, 0, 0, 0, 0, 0, 0, 0] },
      { shortest: "b", longest: "ccc", unknown: "2n" },
      { shortest: "", longest: "", unknown: "0n" },
    ]);
  });

  test("refuses groups whose arguments are not of one length", async () => {
    assert.deepEqual(await inNode(`const result = attempt(() => udf.extremes(["a", "b"], [true]));`), [
      "its arguments have 2 and 1 values",
    ]);
  });

  test("from Python", async () => {
    const result =
      await inPyarrow(`print(json.dumps([udf.mean_of([1.0, None, 4.0]), udf.mean_of([]), udf.extremes(["aa", "b"], [None, True]),
  c.mean_of(pa.array([[1.0, 2.0], None, [None]])).to_pylist(), c.extremes(pa.array([["x", "yy"]]), pa.array([[True, None]])).to_pylist()]))`);
    assert.deepEqual(result, [
      ...[2.5, null, ["b", "aa", 1], [1.5, null, null]],
      [{ shortest: "x", longest: "yy", unknown: 1 }],
    ]);
  });

  test("computes a group of more than 65,536 rows in parts, which are merged in order, the same through every door", async () => {
    const sizes = [0, 65_536, 65_537, 131_072, 131_073, 500_000];
    const merges = ["0n", "0n", "1n", "1n", "2n", "7n"]; // one less than the parts
    const inNodeToo = await inNode(`const result = [${sizes}].map((count) => udf.merges(Array(count).fill(true)));`);
    assert.deepEqual(inNodeToo, merges);
    const python = await inPyarrow(
      `print(json.dumps(c.merges(pa.array([[True] * n for n in ${JSON.stringify(sizes)}])).to_pylist()))`,
    );
    assert.deepEqual(
      python,
      merges.map((text) => Number.parseInt(text, 10)),
    );
    assert.deepEqual(await query("SELECT merges(true) FROM range(500000)"), [["7"]]);
    const same = `SELECT joined(i) = string_agg(i, ';' ORDER BY i) || ';' FROM range(200000) r(i)`;
    assert.deepEqual(await query(same), [[true]]);
  });

  test("in DuckDB agrees with avg: over all rows, groups, no rows, in HAVING, ROLLUP and expressions", async () => {
    const numbers =
      "(SELECT i, i % 3 AS g, CASE WHEN i % 5 = 0 THEN NULL ELSE i / 7.0 END AS x FROM range(10000) r(i))";
    const both = (tail: string, from = numbers) =>
      query(`SELECT count(*), count(*) FILTER (ours IS DISTINCT FROM theirs)
        FROM (SELECT mean_of(x) AS ours, avg(x) AS theirs FROM ${from} ${tail})`);
    assert.deepEqual(await both(""), [["1", "0"]]);
    assert.deepEqual(await both("GROUP BY g"), [["3", "0"]]);
    assert.deepEqual(await both("GROUP BY i"), [["10000", "0"]]);
    assert.deepEqual(await both("WHERE false"), [["1", "0"]]);
    assert.deepEqual(await both("GROUP BY ROLLUP (g)"), [["4", "0"]]);
    assert.deepEqual(await both("GROUP BY g HAVING mean_of(i) > 4999"), [["2", "0"]]);
    assert.deepEqual(await query("SELECT mean_of(i + 1) * 2 + count(*) FROM range(3) r(i)"), [[7]]);
  });

  test("in a job's reduce agrees with avg, also over groups of texts", async () => {
    const { outcome, error, preview } = await module.submit({
      map: "SELECT id, text, id % 2 AS g FROM input",
      reduce: `SELECT g, mean_of(id) AS m, avg(id) AS a, extremes(text, id > 10).longest AS l, extremes(text, NULL).unknown AS u
        FROM mapped GROUP BY g ORDER BY g`,
    }).finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.deepEqual(preview, [
      ["0", "1499.0", "1499.0", "w1000 x6", "1500"],
      ["1", "1500.0", "1500.0", "w1001 x0", "1500"],
    ]);
  });

  const refused: [title: string, job: { map: string; reduce?: string }, code: string, text: RegExp][] = [
    ["in map", { map: "SELECT mean_of(id) AS m FROM input" }, "MAP_NOT_ROW_WISE", /mean_of\(\), which needs every row/],
    [
      "with FILTER",
      { map: "SELECT id FROM input", reduce: "SELECT mean_of(id) FILTER (id > 1) FROM mapped" },
      "SQL_INVALID",
      /mean_of\(\) takes no FILTER.*CASE WHEN/,
    ],
    [
      "with DISTINCT",
      { map: "SELECT id FROM input", reduce: "SELECT mean_of(DISTINCT id) FROM mapped" },
      "SQL_INVALID",
      /takes no DISTINCT.*SELECT DISTINCT/,
    ],
    [
      "with ORDER BY",
      { map: "SELECT id FROM input", reduce: "SELECT mean_of(id ORDER BY id) FROM mapped" },
      "SQL_INVALID",
      /takes no ORDER BY/,
    ],
    [
      "over a window",
      { map: "SELECT id FROM input", reduce: "SELECT mean_of(id) OVER () FROM mapped" },
      "SQL_INVALID",
      /cannot be called over a window.*subquery/,
    ],
    [
      "with a wrong type",
      { map: "SELECT text FROM input", reduce: "SELECT mean_of(text) FROM mapped" },
      "ARGUMENT_TYPE",
      /mean_of.*VARCHAR.*mean_of\(x: double\)/,
    ],
  ];
  for (const [title, job, code, text] of refused) {
    test(`${title} is refused before any row is read, at its place in the job`, async () => {
      const { error } = await module.submit(job).finished;
      assert.equal(error?.code, code, error?.message);
      assert.match(error?.message ?? "", text);
      assert.match(error?.where ?? "", /^jobs\/kinds\.job\.ts:2:\d+$/);
    });
  }

  test("that throws fails the run with its name and message", async () => {
    const { error } = await module.submit({ map: "SELECT id FROM input", reduce: "SELECT refusing(id) FROM mapped" })
      .finished;
    assert.equal(error?.code, "ROW_ERROR");
    assert.match(error?.message ?? "", /refusing\(\): 1500 brings bad luck/);
  });
});

describe("a table function", () => {
  test("from Node: the rows of one row, or of all rows with where each row's begin", async () => {
    const result = await inNode(`const c = udf.columns; const column = c.words(["a b", null, "", "c"]); const result = [
      udf.words("one two"), udf.words(null), [...column], column.offsets, column.child.data.length, udf.halvings(5)];`);
    assert.deepEqual(result, [
      ...[["one", "two"], null, [["a", "b"], null, [], ["c"]], [0, 2, 2, 2, 3], 3],
      [5, 2.5, 1.25].map((value, index) => ({ number: `${index + 1}n`, value })),
    ]);
  });

  test("from Python", async () => {
    const result = await inPyarrow(`steps = c.halvings(pa.array([2.0, None]))
print(json.dumps([udf.words("one two"), udf.halvings(2.0), steps.to_pylist(), steps.flatten().field("value").to_pylist()]))`);
    const steps = [
      { number: 1, value: 2 },
      { number: 2, value: 1 },
    ];
    assert.deepEqual(result, [
      ["one", "two"],
      [
        [1, 2],
        [2, 1],
      ],
      [steps, null],
      [2, 1],
    ]);
  });

  test("in a job's map: unnest gives a row for each of its rows, as DuckDB's own split does", async () => {
    const { outcome, error, preview } = await module.submit({
      map: "SELECT id, unnest(words(text)) AS word, unnest(string_split(text, ' ')) AS theirs FROM input",
      reduce: "SELECT count(*), count(*) FILTER (word = theirs), count(DISTINCT word) FROM mapped",
    }).finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.deepEqual(preview, [["6000", "6000", "3007"]]);
  });

  test("of structs: their fields become columns", async () => {
    const { outcome, error, preview } = await module.submit({
      rows: 5,
      map: "SELECT id, unnest(halvings(id), recursive := true) FROM input",
    }).finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.deepEqual(preview[5], ["4", "1", "4.0"]);
    assert.equal(preview.length, 8);
  });
});

test("what functions log is in the run's log, each line with its level, worker, function and row of the batch", async () => {
  const run = module.submit({ map: "SELECT say(id) AS id FROM input", rows: 4000 }, { workers: 1 });
  const { outcome, error } = await run.finished;
  assert.equal(outcome, "succeeded", error?.message);
  const logged = [...readEvents(loadModule(module.root), run.id)].flatMap((event) =>
    event.kind === "log" && event.text.includes("say()") ? [[event.worker, event.level, event.text]] : [],
  );
  // DuckDB's chunks have 2,048 rows
  const lines = (row: number, level: string, value: number) => [
    [1, level, `${level}: say(), row ${row} of its batch: at ${value}`],
    [1, level, `${level}: say(), row ${row} of its batch: and on`],
  ];
  assert.deepEqual(logged, [
    ...[...lines(0, "debug", 0), ...lines(1000, "info", 1000)],
    ...[...lines(2000, "warning", 2000), ...lines(952, "error", 3000)],
  ]);
});
