import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { projectRoot } from "../support/command-line.ts";
import { Planner } from "../support/planned-statement.ts";
import type { SparkSeries } from "../support/spark.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { compare, type Engines } from "./compare.ts";
import { oddValues } from "./odd-values.ts";
import { StatementSession } from "./statement-session.ts";

/*
 * What a job's SQL means on Spark is what it means to DuckDB: both compute the same statements over the same file of odd
 * values, and the rows are compared.
 */

const folder = temporaryFolder("spark-sql");
let planner: Planner;
const series: readonly SparkSeries[] = ["4.3", "3.5"];
let sessions: StatementSession[] = [];
before(async () => {
  planner = await Planner.start(folder, oddValues());
  sessions = await Promise.all(series.map((each) => StatementSession.start(each, planner.rows)));
});
after(async () => {
  await Promise.all(sessions.map((session) => session.close()));
  planner.close();
});

function cases(name: string): string[] {
  const text = readFileSync(path.join(projectRoot, "test", "spark", "cases", `${name}.sql`), "utf8");
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("--"));
}

/** So many expressions are computed by one statement. */
const together = 40;

function selects(expressions: readonly string[]): string[] {
  const groups = Array.from({ length: Math.ceil(expressions.length / together) }, (_, index) =>
    expressions.slice(index * together, (index + 1) * together),
  );
  return groups.map((group) => {
    const columns = group.map((each) => `${each} AS "${each.replaceAll('"', '""')}"`);
    return `SELECT id, ${columns.join(", ")} FROM mapped ORDER BY id`;
  });
}

function engines(): Engines {
  return { planner, spark: sessions, folder };
}

async function assertEqual(statement: string, given: Engines = engines()): Promise<void> {
  for (const [index, compared] of (await compare(statement, given)).entries()) {
    if (compared.kind === "equal") continue;
    const shown = compared.kind === "different" ? `${compared.what}\nin ${compared.sql}` : JSON.stringify(compared);
    assert.fail(`Spark ${series[index]}: ${statement}\n${shown}`);
  }
}

describe("Spark 4.3 and 3.5 under sparkSqlSettings", () => {
  test("every kept expression has DuckDB's value in every row of odd values", async () => {
    for (const statement of selects(cases("equal-expressions"))) await assertEqual(statement);
  });

  test("functions of the C library differ in the last digits only", async () => {
    for (const statement of selects(cases("close-expressions")))
      await assertEqual(statement, { ...engines(), close: true });
  });

  test("statements with groups, joins, windows, orders and functions of a module give DuckDB's rows", async () => {
    for (const statement of cases("equal-statements")) await assertEqual(statement);
  });

  test("what ends a query on DuckDB ends it on Spark", async () => {
    for (const expression of cases("failing-expressions")) {
      const compared = await compare(`SELECT ${expression} AS e FROM mapped`, engines());
      assert.deepEqual(
        compared.map(({ kind }) => kind),
        series.map(() => "both fail"),
        `${expression}: ${JSON.stringify(compared)}`,
      );
    }
  });
});
