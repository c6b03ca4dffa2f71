import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { UdfError } from "../../../../src/core/error.ts";
import { Planner } from "../../../support/planned-statement.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

let planner: Planner;
before(async () => {
  planner = await Planner.start(
    temporaryFolder("refusals"),
    `SELECT 1 AS i, 1.5::DOUBLE AS d, 1.5::FLOAT AS f, 'a' AS x, [1] AS li, {'a': 1} AS r, TIME '01:00' AS clock,
      TIMESTAMPTZ '2024-01-01 00:00:00+00' AS tz, DATE '2024-01-01' AS day`,
  );
});
after(() => planner.close());

async function refusalOf(reduce: string): Promise<UdfError> {
  try {
    await planner.plan(reduce, "SELECT * EXCLUDE (clock) FROM input");
  } catch (error) {
    assert.ok(error instanceof UdfError, String(error));
    return error;
  }
  return assert.fail(`it was not refused: ${reduce}`);
}

/** The rest of the statement marks where: everything before `‸` is not what is refused. */
const cases: [title: string, reduce: string, what: RegExp, next: RegExp][] = [
  ["a function without an equal", "SELECT i, ‸hash(x) AS h FROM mapped", /hash\(VARCHAR\)/, /function of the module/],
  ["a place behind letters of several bytes", "SELECT 'äöü' AS a, ‸hash(x) AS h FROM mapped", /hash/, /module/],
  ["a random number", "SELECT ‸random() FROM mapped", /random\(\)/, /local target/],
  ["the text of a double", "SELECT d‸::VARCHAR FROM mapped", /cast of DOUBLE to VARCHAR/, /DECIMAL/],
  ["the day of a time with a zone", "SELECT tz‸::DATE FROM mapped", /TIMESTAMP WITH TIME ZONE/, /AT TIME ZONE 'UTC'/],
  ["round of a float", "SELECT ‸round(f, 1) FROM mapped", /round\(FLOAT, INTEGER\)/, /DOUBLE first/],
  ["a list in the order of rows", "SELECT ‸list(i) AS l FROM mapped", /list\(\) without an order/, /ORDER BY x/],
  [
    "texts in the order of rows",
    "SELECT i, ‸string_agg(x, ',') FROM mapped GROUP BY i",
    /string_agg\(\) without/,
    /ORDER BY x/,
  ],
  ["the first row", "SELECT ‸first(i) FROM mapped", /which row comes first/, /min\(x\)/],
  ["LIMIT without an order", "SELECT i FROM mapped LIMIT 3", /LIMIT without ORDER BY/, /ORDER BY/],
  ["a window without an order", "SELECT row_number() OVER () FROM mapped", /window without ORDER BY/, /ORDER BY/],
  ["DISTINCT ON", "SELECT DISTINCT ON (i) i, x FROM mapped ORDER BY i, x", /DISTINCT ON/, /arg_min/],
  ["ROLLUP", "SELECT i, count(*) FROM mapped GROUP BY ROLLUP (i)", /ROLLUP/, /UNION ALL/],
  ["an order of structs", "SELECT i FROM mapped ORDER BY r", /STRUCT/, /fields/],
  ["a comparison of lists", "SELECT li ‸= [1] FROM mapped", /INTEGER\[\]/, /elements/],
  ["IN with a subquery", "SELECT i FROM mapped WHERE i IN (SELECT i FROM mapped)", /subquery/, /SEMI JOIN/],
  ["a border of words", String.raw`SELECT ‸regexp_matches(x, '\ba') FROM mapped`, /regular expression/, /classes/],
  ["a replaced first match", "SELECT ‸regexp_replace(x, 'a', 'b') FROM mapped", /first match/, /'g'/],
  ["an interval of a column", "SELECT day ‸+ i * INTERVAL 1 DAY FROM mapped", /interval/, /INTERVAL '1 day'/],
  ["substring from the end", "SELECT ‸substring(x, -2) FROM mapped", /substring\(\) from position -2/, /right\(\)/],
  ["a sample", "SELECT i FROM mapped USING SAMPLE 10%", /a sample/, /condition/],
  ["unnest in FROM", "SELECT u FROM mapped, unnest(li) AS t(u)", /unnest\(\) in FROM/, /behind SELECT/],
  [
    "a function of the module for each element",
    "SELECT ‸[half(v) FOR v IN li] FROM mapped",
    /inside a lambda/,
    /whole list/,
  ],
  ["the first of a column beside a count", "SELECT ‸first(i), count(*) FROM mapped", /which row comes first/, /min/],
];

describe("what has no equal in Spark SQL is refused before anything is submitted", () => {
  for (const [title, marked, what, next] of cases) {
    test(`${title}: what it is, where, and what to write instead`, async () => {
      const reduce = marked.replace("‸", "");
      const error = await refusalOf(reduce);
      assert.equal(error.code, "SPARK_SQL_UNSUPPORTED", error.message);
      assert.match(error.what, what);
      assert.match(error.next ?? "", next);
      const column = "reduce: `".length + Math.max(0, marked.indexOf("‸")) + 1;
      assert.equal(error.where, `job.ts:2:${column}`, error.message);
    });
  }

  test("a column that map reads and Spark has no type for", async () => {
    await assert.rejects(planner.plan(null, "SELECT clock FROM input"), {
      code: "SPARK_SQL_UNSUPPORTED",
      message: /column clock is of the type TIME/,
    });
  });

  test("a result that Spark has no type for", async () => {
    await assert.rejects(planner.plan(null, "SELECT x::UUID AS u FROM input"), {
      code: "SPARK_SQL_UNSUPPORTED",
    });
  });
});

describe("what the planner gives for Spark", () => {
  test("the columns that map reads, and no others, with their types in both", async () => {
    const { input } = await planner.plan(null, "SELECT i + 1 AS n FROM input WHERE d > 0");
    assert.deepEqual(input, [
      { name: "d", type: "DOUBLE", sparkType: "DOUBLE" },
      { name: "i", type: "INTEGER", sparkType: "INT" },
    ]);
  });

  test("the columns of the result, with the types that the local runner writes", async () => {
    const { output } = await planner.plan(
      "SELECT x, sum(i) AS total, count(*) FROM mapped GROUP BY x",
      "SELECT x, i FROM input",
    );
    assert.deepEqual(output, [
      { name: "x", type: "VARCHAR", sparkType: "STRING" },
      { name: "total", type: "DOUBLE", sparkType: "DOUBLE" },
      { name: "count_star()", type: "BIGINT", sparkType: "BIGINT" },
    ]);
  });

  test("a number of 128 bits is a double in reduce, as it is in the files that the local runner reads there", async () => {
    const map = "SELECT 170141183460469231731687303715::HUGEINT AS big FROM input";
    const { output } = await planner.plan("SELECT big FROM mapped", map);
    assert.deepEqual(output, [{ name: "big", type: "DOUBLE", sparkType: "DOUBLE" }]);
  });
});
