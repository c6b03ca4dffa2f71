import { mkdtempSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { UdfError } from "../../src/core/error.ts";
import type { SparkPlan } from "../../src/run/local/messages.ts";
import type { Session } from "../../src/run/local/session.ts";
import { literal } from "../../src/run/local/sql-text.ts";
import type { Planner } from "../support/planned-statement.ts";
import type { StatementSession } from "./statement-session.ts";

/** How Spark's rows of a statement are to DuckDB's. */
export type Comparison =
  | { kind: "equal" }
  | { kind: "refused"; what: string }
  /** Both engines end with an error. */
  | { kind: "both fail"; duckdb: string; spark: string }
  | { kind: "different"; what: string; sql: string };

export type Engines = {
  planner: Planner;
  spark: readonly StatementSession[];
  folder: string;
  /** Doubles may differ in their last digits. */
  close?: boolean;
};

/**
 * Runs a statement over `mapped` on DuckDB and each Spark, and compares rows in their order, and types: a comparison for
 * each Spark.
 */
export async function compare(statement: string, engines: Engines): Promise<Comparison[]> {
  const { planner, spark: sessions, folder, close = false } = engines;
  const files = mkdtempSync(path.join(folder, "rows-"));
  const ours = path.join(files, "duckdb.parquet");
  let duckdb: string | undefined;
  try {
    await planner.compute(statement, ours);
  } catch (error) {
    duckdb = String(error);
  }
  let plan: SparkPlan;
  try {
    plan = await planner.plan(statement);
  } catch (error) {
    if (!(error instanceof UdfError && error.code === "SPARK_SQL_UNSUPPORTED")) throw error;
    return sessions.map(() => ({ kind: "refused", what: error.what }));
  }
  const sql = plan.reduce ?? "";
  return Promise.all(
    sessions.map(async (session, index): Promise<Comparison> => {
      const theirs = path.join(files, `spark-${index}.parquet`);
      const { error, types = [] } = await session.run(sql, theirs);
      const spark = error?.slice(0, 600);
      if (duckdb !== undefined && spark !== undefined) return { kind: "both fail", duckdb, spark };
      const failed = duckdb === undefined ? spark && `only Spark fails: ${spark}` : `only DuckDB fails: ${duckdb}`;
      const what = failed ?? wrongTypes(plan, types) ?? (await firstDifference(planner, { ours, theirs, close }));
      return what === undefined ? { kind: "equal" } : { kind: "different", what, sql };
    }),
  );
}

/** Spark's own names for types, as its schema says them. */
function wrongTypes({ output }: SparkPlan, types: readonly string[]): string | undefined {
  const wanted = output.map(({ sparkType }) =>
    sparkType.toLowerCase().replaceAll(": ", ":").replaceAll(", ", ",").replaceAll("`", ""),
  );
  const given = types.map((type) => type.replaceAll(/timestamp(?!_)/g, "timestamp_ltz"));
  return given.join() === wanted.join() ? undefined : `types ${given.join()} and not ${wanted.join()}`;
}

type Files = { ours: string; theirs: string; close: boolean };
type Text = string | null | undefined;

/** The rows as texts. DuckDB's Parquet files do not tell -0.0 from 0.0, nor one NaN from another. */
async function firstDifference({ session }: Planner, { ours, theirs, close }: Files): Promise<string | undefined> {
  const [left, right] = [await rowsOf(session, ours), await rowsOf(session, theirs)];
  for (const [at, row] of left.entries()) {
    const name = Object.keys(row).find((column) => !isSame(row[column], right[at]?.[column], close));
    if (name !== undefined) return `row ${at}, column ${name}: DuckDB ${row[name]}, Spark ${right[at]?.[name]}`;
  }
  return left.length === right.length ? undefined : `${left.length} rows, and ${right.length} of Spark`;
}

async function rowsOf(session: Session, file: string): Promise<Record<string, Text>[]> {
  const found = await session.rows(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet(${literal(file)})`);
  return z.array(z.record(z.string(), z.string().nullable())).parse(found);
}

function isSame(left: Text, right: Text, close: boolean): boolean {
  const [a, b] = [left, right].map((text) => text?.replaceAll("-nan", "nan").replaceAll(/-0\.0\b(?!\d)/g, "0.0"));
  if (a === b || !close || !a || !b) return a === b;
  return Math.abs(Number(a) - Number(b)) <= 1e-13 * Math.abs(Number(a));
}
