import assert from "node:assert/strict";
import path from "node:path";
import { before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import * as duckdb from "@duckdb/node-api";
import bindings from "@duckdb/node-bindings";
import * as z from "zod";
import { DuckDBRegistration } from "../../../src/stubs/runtime/duckdb.ts";
import type { Door, FunctionShape } from "../../../src/stubs/runtime/loader.ts";
import { buildEveryType } from "./every-type.ts";

/*
 * The artifact is loaded in this process: what is tested is the registration, and its functions do not crash.
 */

const rowErrorSchema = z.object({
  function: z.string(),
  row: z.number().optional(),
  message: z.string(),
  frames: z.array(z.number()),
});
type Stub = {
  register(connection: duckdb.DuckDBConnection, module: typeof duckdb, from?: typeof bindings): Promise<void>;
  lastRowError(): unknown;
  load(): Door;
};
const stubSchema = z.custom<Stub>(
  (value) =>
    z.object({ register: z.function(), lastRowError: z.function(), load: z.function() }).safeParse(value).success,
);

let stub: Stub;
before(async () => {
  const { module } = await buildEveryType();
  stub = stubSchema.parse(await import(pathToFileURL(path.join(module.stubs, "every_type.duckdb.ts")).href));
});

async function connect(): Promise<duckdb.DuckDBConnection> {
  return (await duckdb.DuckDBInstance.create(":memory:", { threads: "1" })).connect();
}

/** The rows that a new connection with the functions on it answers, as JSON values. */
async function rows(sql: string, from: typeof bindings = bindings): Promise<unknown[][]> {
  const connection = await connect();
  await stub.register(connection, duckdb, from);
  return (await connection.runAndReadAll(sql)).getRowsJson();
}

/** Bindings that answer the registration's question on texts wrongly, as those of another DuckDB might. */
const unfamiliar: typeof bindings = Object.create(bindings, {
  get_data_from_pointer: { value: () => new Uint8Array() },
});

const values = `SELECT negate(true), add_one(41::INTEGER), twice(1152921504606846976), halve(5::FLOAT), root(root(16.0)),
  root(-1), shout(shout('é')), either(NULL, NULL), either(NULL, 7), shout(NULL), either('', NULL), negate(NULL), twice(NULL), root(NULL)`;
const expected = [false, 42, String(2n ** 61n), 2.5, 2, null, "é!!", "neither", "7", null, "", null, null, null];

describe("every type goes in and comes out", () => {
  test("of literals, NULLs and nested calls", async () => {
    assert.deepEqual(await rows(values), [expected]);
  });

  test("of literals beside columns, in a filter, in CASE and in COALESCE", async () => {
    assert.deepEqual(
      await rows(`SELECT sum(twice(i)), count(*) FILTER (negate(i > 5)), sum(CASE WHEN i > 3 THEN root(i * 1.0) ELSE halve(1::FLOAT) END) > 20,
          coalesce(max(shout(NULL)), either(NULL, 3)), max(either(NULL, 9)), min(shout(either(NULL, i::INTEGER)))
        FROM range(10) r(i) WHERE root(i * 1.0) >= 1`),
      [["90", "5", false, "3", "9", "1!"]],
    );
  });

  test("where DuckDB keeps texts in another way than is known", async () => {
    assert.deepEqual(await rows(values, unfamiliar), [expected]);
  });
});

for (const [name, from] of Object.entries({ "as bytes": bindings, "through JavaScript": unfamiliar })) {
  test(`texts from empty to long, with nulls, NUL and non-ASCII, go ${name}: 100,000 rows agree with DuckDB's own ||`, async () => {
    const found = await rows(
      `SELECT count(*) FILTER (shout(t) IS DISTINCT FROM t || '!'), count(*) FILTER (shout(shout(t)) IS DISTINCT FROM t || '!!'),
        count(DISTINCT shout(t)) - count(DISTINCT t), count(t)
      FROM (SELECT CASE WHEN i % 5 = 0 THEN NULL WHEN i % 7 = 0 THEN '' WHEN i % 11 = 0 THEN 'a' || chr(0) || 'b' || i
        ELSE repeat('ü' || i, i % 20) END AS t FROM range(100000) r(i))`,
      from,
    );
    assert.deepEqual(found, [["0", "0", "0", "80000"]]);
  });
}

test("numbers of 100,000 rows with nulls agree with DuckDB's own functions", async () => {
  const found = await rows(`SELECT count(*) FILTER (root(x) IS DISTINCT FROM CASE WHEN x >= 0 THEN sqrt(x) END),
      count(*) FILTER (twice(n) IS DISTINCT FROM n * 2), count(*) FILTER (add_one(n::INTEGER) IS DISTINCT FROM n + 1),
      count(*) FILTER (halve(n::FLOAT) IS DISTINCT FROM n::FLOAT / 2), count(*) FILTER (negate(n > 500) IS DISTINCT FROM n <= 500)
    FROM (SELECT CASE WHEN i % 7 = 0 THEN NULL ELSE i - 5000.0 END AS x, CASE WHEN i % 3 = 0 THEN NULL ELSE i END AS n FROM range(100000) r(i))`);
  assert.deepEqual(found, [["0", "0", "0", "0", "0"]]);
});

describe("a struct", () => {
  test("is read field by field, null as a whole or in one field", async () => {
    assert.deepEqual(
      await rows(`SELECT s.left, s.size, s.found, s IS NULL FROM
        (SELECT pair(text, '=') AS s FROM (VALUES ('a=bc'), ('abc'), (''), (NULL)) t(text))`),
      [
        ["a", "2", true, false],
        ["abc", null, false, false],
        [null, null, null, true],
        [null, null, null, true],
      ],
    );
  });

  test("of 100,000 rows is right in every row", async () => {
    const found =
      await rows(`SELECT count(*) FILTER (s.left IS DISTINCT FROM i::VARCHAR OR s.size IS DISTINCT FROM i % 17 OR NOT s.found)
      FROM (SELECT i, pair(i || '=' || repeat('x', i % 17), '=') AS s FROM range(100000) r(i))`);
    assert.deepEqual(found, [["0"]]);
  });
});

describe("a function that throws", () => {
  test("is an SQL error with the function, its message and its row, which can be had one by one too", async () => {
    await assert.rejects(rows("SELECT sum(refuse(i - 2048)) FROM range(3000) r(i)"), {
      message: /refuse\(\): 13 brings bad luck \(row 13 of its chunk\)/,
    });
    const { frames, ...error } = rowErrorSchema.parse(stub.lastRowError());
    assert.deepEqual(error, { function: "refuse", row: 13, message: "13 brings bad luck" });
    assert.ok(frames.length > 0, "it must say where in the artifact it was thrown");
  });

  test("is forgotten when a function is called again", async () => {
    await assert.rejects(rows("SELECT refuse(13)"));
    assert.equal(rowErrorSchema.parse(stub.lastRowError()).function, "refuse");
    await rows("SELECT refuse(12)");
    assert.equal(stub.lastRowError(), undefined);
  });

  test("leaves the connection able to answer", async () => {
    const connection = await connect();
    await stub.register(connection, duckdb, bindings);
    await assert.rejects(connection.run("SELECT refuse(13)"));
    assert.deepEqual((await connection.runAndReadAll("SELECT refuse(12)")).getRowsJson(), [[12]]);
  });
});

test("a text that is not valid UTF-8 is a row error, not null, though its neighbours complete its character", async () => {
  await assert.rejects(
    rows("SELECT count(cut(t, 1)) FROM (VALUES ('a'), ('é')) v(t)"),
    /cut\(\).*not valid UTF-8 \(row 1 /,
  );
  await assert.rejects(rows("SELECT count(cut(t, 3)) FROM (VALUES ('aéé'), ('aaé')) v(t)"), /cut\(\).*row 1 /);
  assert.deepEqual(await rows("SELECT cut('aé', 3)"), [["aé"]]);
});

test("a function with the name of an aggregate is refused with what to do", async () => {
  const connection = await connect();
  const functions: FunctionShape[] = [{ name: "sum", arguments: [{ name: "x", type: "double" }], result: "double" }];
  await assert.rejects(
    () => new DuckDBRegistration().register({ connection, duckdb, bindings: undefined, door: stub.load(), functions }),
    /does not take the function sum\(\)\..*rename yours/,
  );
});
