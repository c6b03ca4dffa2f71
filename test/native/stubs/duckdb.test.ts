import assert from "node:assert/strict";
import path from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import * as duckdb from "@duckdb/node-api";
import bindings from "@duckdb/node-bindings";
import { buildEveryType, type EveryType } from "./every-type.ts";

/*
 * The artifact is loaded in this process: what is tested is the registration, and its functions do not crash.
 */

let every: EveryType;
let connection: duckdb.DuckDBConnection;
let lastRowError: () => { function: string; row: number | undefined; message: string } | undefined;

before(async () => {
  every = await buildEveryType();
  const stub = await import(pathToFileURL(path.join(every.module.stubs, "every_type.duckdb.ts")).href);
  connection = await (await duckdb.DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  stub.register(connection, duckdb, bindings);
  lastRowError = stub.lastRowError;
});

async function rows(sql: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql)).getRowsJson();
}

test("every type goes in and comes out, from literals, NULLs and nested calls", async () => {
  assert.deepEqual(
    await rows(`SELECT negate(true), add_one(41::INTEGER), twice(1152921504606846976), halve(5::FLOAT), root(root(16.0)),
      root(-1), shout(shout('é')), either(NULL, NULL), either(NULL, 7), shout(NULL)`),
    [[false, 42, String(2n ** 61n), 2.5, 2, null, "é!!", "neither", "7", null]],
  );
});

test("a struct is read field by field, null as a whole or in one field", async () => {
  assert.deepEqual(
    await rows(
      `SELECT s.left, s.size, s.found, s IS NULL FROM (SELECT split(text, '=') AS s FROM (VALUES ('a=bc'), ('abc'), (''), (NULL)) t(text))`,
    ),
    [
      ["a", "2", true, false],
      ["abc", null, false, false],
      [null, null, null, true],
      [null, null, null, true],
    ],
  );
});

test("100,000 rows with nulls agree with DuckDB's own sqrt and text functions", async () => {
  const found = await rows(`SELECT count(*) FILTER (root(x) IS DISTINCT FROM CASE WHEN x >= 0 THEN sqrt(x) END),
      count(*) FILTER (shout(t) IS DISTINCT FROM t || '!'), count(*) FILTER (twice(n) IS DISTINCT FROM n * 2)
    FROM (SELECT CASE WHEN i % 7 = 0 THEN NULL ELSE i - 5000.0 END AS x, CASE WHEN i % 5 = 0 THEN NULL ELSE repeat('ü' || i, i % 20) END AS t,
      CASE WHEN i % 3 = 0 THEN NULL ELSE i END AS n FROM range(100000) r(i))`);
  assert.deepEqual(found, [["0", "0", "0"]]);
});

test("an exception is an SQL error with the function, its message and its row in the chunk", async () => {
  await assert.rejects(rows("SELECT sum(refuse(i)) FROM range(1000) r(i)"), /13 brings bad luck/);
  assert.deepEqual({ function: lastRowError()?.function, row: lastRowError()?.row }, { function: "refuse", row: 13 });
});
