import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { selectList } from "../../../src/author/select-list.ts";
import { callsIn, nameAt, type SqlContext, sqlContext } from "../../../src/author/sql-context.ts";
import { isKeyword, sqlName, sqlTokens } from "../../../src/author/sql-tokens.ts";

/** `|` is the cursor. */
function at(sql: string): SqlContext {
  const offset = sql.indexOf("|");
  return sqlContext(sql.replace("|", ""), offset);
}

const kindAt = (sql: string) => at(sql).kind;

async function query(sql: string): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create()).connect();
  const rows = (await connection.runAndReadAll(sql)).getRowsJson();
  connection.closeSync();
  return rows;
}

test("the words that need quotes are DuckDB's own reserved words", async () => {
  const keywords = await query("SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'");
  assert.ok(keywords.length > 50);
  for (const [word] of keywords) assert.ok(isKeyword(String(word)), String(word));
});

test("a name is written so that DuckDB reads it as that name", async () => {
  for (const name of ["a", "a b", 'say "x"', "order", "Größe", "1st", "", "by", "filter", "x$y"].filter(Boolean)) {
    const described = await query(`DESCRIBE SELECT 1 AS ${sqlName(name)}`);
    assert.equal(described[0]?.[0], name);
    const [token] = sqlTokens(sqlName(name));
    assert.equal(token?.text, name);
  }
  assert.deepEqual(["plain_1", "order", "a b"].map(sqlName), ["plain_1", '"order"', '"a b"']);
});

test("texts end where DuckDB ends them", async () => {
  const texts = ["'a''b'", "e'a\\'b'", "$$a'b$$", "$tag$a$$b$tag$", "'a--b'", "''"];
  for (const text of texts) {
    await query(`SELECT ${text}`);
    assert.deepEqual(
      sqlTokens(`${text} x`).map(({ kind, isOpen }) => [kind, isOpen]),
      [
        ["text", false],
        ["name", false],
      ],
      text,
    );
  }
  await query("SELECT /* a /* b */ c */ 1");
  assert.deepEqual(
    sqlTokens("/* a /* b */ c */ 1").map(({ kind }) => kind),
    ["comment", "number"],
  );
});

describe("what can be written at a place of a statement", () => {
  const cases: [kind: SqlContext["kind"], places: string[]][] = [
    [
      "expression",
      [
        "SELECT |",
        "SELECT del|ay FROM input",
        "SELECT a, |",
        "SELECT f(|",
        "SELECT f(a, |)",
        "SELECT a + |",
        "SELECT a * |",
        "SELECT DISTINCT |",
        "SELECT a FROM input WHERE |",
        "SELECT a WHERE b AND |",
        "SELECT CASE WHEN | THEN 1 END",
        "SELECT CASE WHEN a THEN | END",
        "SELECT [|",
        "SELECT a -- note\n, |",
        "SELECT /* note */ |",
        "SELECT a IN (|",
        "SELECT a GROUP BY |",
        'SELECT "a|',
      ],
    ],
    [
      "other",
      [
        "|",
        "SEL|",
        "SELECT a |",
        "SELECT a AS |",
        "SELECT f(a) |",
        "SELECT 1 |",
        "SELECT a::|",
        "SELECT 'a' |",
        "SELECT * |",
        "SELECT count(*) |",
        "SELECT count(* |",
        "SELECT a FROM input |",
        "SELECT CASE a END |",
        "SELECT a FROM input;|",
        "SELECT 1.|",
      ],
    ],
    ["table", ["SELECT a FROM |", "SELECT a FROM in|put", "FROM |"]],
    ["text", ["SELECT 'a|'", "SELECT 'a|", "SELECT 'a''|b'", "SELECT $$a|$$", "SELECT e'\\'|'"]],
    ["comment", ["SELECT a -- no|", "SELECT /* | */ a", "SELECT /* |", "SELECT -- |\n a"]],
    [
      "field",
      [
        "SELECT route.|",
        "SELECT f(a).|",
        "SELECT f(g(a), b).k|m FROM input",
        "SELECT input.|",
        "SELECT a.b.|",
        'SELECT "a b".|',
      ],
    ],
  ];
  for (const [kind, places] of cases) {
    test(`${kind}`, () => {
      for (const sql of places) assert.equal(kindAt(sql), kind, sql);
    });
  }

  test("the word that is there is told as a whole, with its quotes", () => {
    const sql = 'SELECT del|ay, "a b" FROM input';
    const context = at(sql);
    assert.deepEqual("word" in context && context.word, { start: 7, end: 12 });
    const quoted = at('SELECT "a |b" FROM input');
    assert.deepEqual("word" in quoted && quoted.word, { start: 7, end: 12 });
  });

  test("the call around it and the argument are told, whatever stands between", () => {
    const argumentAt = (sql: string) => {
      const context = at(sql);
      return "call" in context && context.call ? [context.call.name, context.call.argument] : undefined;
    };
    assert.deepEqual(argumentAt("SELECT f(|"), ["f", 0]);
    assert.deepEqual(argumentAt("SELECT f(a, |)"), ["f", 1]);
    assert.deepEqual(argumentAt("SELECT f(g(1, 2), [3, 4], 'x,y', |"), ["f", 3]);
    assert.deepEqual(argumentAt("SELECT f(a, (b + |"), ["f", 1]);
    assert.deepEqual(argumentAt("SELECT f(g(a), h(|"), ["h", 0]);
    assert.deepEqual(argumentAt("SELECT f(a /* , */, a.|"), ["f", 1]);
    assert.deepEqual(argumentAt("SELECT f(a), |"), undefined);
    assert.deepEqual(argumentAt("SELECT a IN (|"), undefined);
  });

  test("what stands before a dot is told: a path, or the call whose result it is", () => {
    const ownerAt = (sql: string) => {
      const context = at(sql);
      return context.kind === "field" ? context.owner : undefined;
    };
    assert.deepEqual(ownerAt('SELECT input."a b".|'), { kind: "name", parts: ["input", "a b"] });
    assert.deepEqual(ownerAt("SELECT f(g(a), (b)).|"), { kind: "call", name: "f" });
    assert.deepEqual(ownerAt("SELECT (a + b).|"), undefined);
  });
});

test("a name under the cursor is told with whether it is called; a field belongs to what is before it", () => {
  const named = (sql: string) => {
    const found = nameAt(sql.replace("|", ""), sql.indexOf("|"));
    return found && [found.name, found.isCall];
  };
  assert.deepEqual(named("SELECT ro|ute (a)"), ["route", true]);
  assert.deepEqual(named("SELECT route| FROM input"), ["route", false]);
  assert.deepEqual(named("SELECT route.k|m"), undefined);
  assert.deepEqual(named("SELECT 'rou|te(a)'"), undefined);
  assert.deepEqual(
    callsIn("SELECT f(a), G (1) FROM t WHERE x IN (1) AND h(')')").map(({ name }) => name),
    ["f", "G", "h"],
  );
});

test("the items of a select list have the names that DuckDB gives them", async () => {
  const sql = `SELECT origin, input.delay, delay + 1 AS "more, or less", abs(delay) AS late, -- abs(1) AS no
    abs(delay) positive, case_name: CASE WHEN delay > 0 THEN 'a' END, CASE delay WHEN 1 THEN 2 END other, input.* EXCLUDE (x)
    FROM input WHERE origin = 'from, x'`;
  const described = await query(
    `CREATE TABLE input(origin VARCHAR, delay INTEGER, x INTEGER); DESCRIBE ${sql.replace(", input.* EXCLUDE (x)", "")}`,
  );
  const items = selectList(sql);
  assert.deepEqual(
    items.slice(0, -1).map(({ name }) => name),
    described.map(([name]) => name),
  );
  assert.deepEqual(
    items.map(({ expression }) => expression.kind),
    ["name", "name", "other", "call", "call", "other", "other", "star"],
  );
  assert.deepEqual(
    selectList("FROM input SELECT DISTINCT a, f(b)").map(({ name }) => name),
    ["a", undefined],
  );
  assert.deepEqual(selectList("FROM input"), []);
});
