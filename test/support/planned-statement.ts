import { writeFileSync } from "node:fs";
import path from "node:path";
import * as duckdb from "@duckdb/node-api";
import type { RequestOf, SparkPlan } from "../../src/run/local/messages.ts";
import { planTask } from "../../src/run/local/plan-task.ts";
import { Session } from "../../src/run/local/session.ts";
import { literal } from "../../src/run/local/sql-text.ts";

type Functions = RequestOf<"plan">["functions"];
const functions: Functions = [
  { module: "tested", name: "half", kind: "row", signature: "half(x: double) -> double" },
  { module: "tested", name: "root", kind: "row", signature: "root(x: double) -> double" },
  { module: "tested", name: "upto", kind: "table", signature: "upto(n: int32) -> table" },
  { module: "tested", name: "mean_of", kind: "aggregate", signature: "mean_of(x: double) -> double" },
];

/** The planner's session over a file, with functions that a module could have. */
export class Planner {
  readonly session: Session;
  readonly #folder: string;

  private constructor(session: Session, folder: string) {
    this.session = session;
    this.#folder = folder;
  }

  /** Makes `rows.parquet` in the folder of what the SELECT gives. */
  static async start(folder: string, select: string): Promise<Planner> {
    const session = await Session.plain();
    await session.run(`COPY (${select}) TO ${literal(path.join(folder, "rows.parquet"))} (FORMAT parquet)`);
    registerFunctions(session.connection);
    await session.run('CREATE TEMP MACRO mean_of(x) AS "mean_of of lists"(list(x))');
    return new Planner(session, folder);
  }

  get rows(): string {
    return path.join(this.#folder, "rows.parquet");
  }

  /** Plans a job whose map takes all columns. */
  async plan(reduce: string | null, map = "SELECT * FROM input"): Promise<SparkPlan> {
    const jobFile = "job.ts";
    writeFileSync(path.join(this.#folder, jobFile), `map: \`${map}\`,\nreduce: \`${reduce ?? ""}\`,\n`);
    const request = { kind: "plan", dialect: "spark", root: this.#folder, jobFile, input: "rows.parquet" } as const;
    const { spark } = await planTask(this.session, {
      ...request,
      columns: null,
      format: "parquet",
      map,
      reduce,
      functions,
    });
    if (!spark) throw new Error("the plan has nothing for Spark");
    return spark;
  }

  /** Lets DuckDB compute the statement over the file, as the local runner does. */
  async compute(reduce: string, output: string): Promise<void> {
    await this.session.run("DROP TABLE IF EXISTS mapped; DROP VIEW IF EXISTS map_rows; DROP VIEW IF EXISTS input");
    await this.session.run(`CREATE OR REPLACE TEMP VIEW mapped AS SELECT * FROM read_parquet(${literal(this.rows)})`);
    try {
      await this.session.define("computed", reduce);
      await this.session.run(`COPY (SELECT * FROM computed) TO ${literal(output)} (FORMAT parquet)`);
    } finally {
      await this.session.run("DROP VIEW IF EXISTS computed; DROP VIEW mapped");
    }
  }

  close(): void {
    this.session.close();
  }
}

function registerFunctions(connection: duckdb.DuckDBConnection): void {
  const doubles = duckdb.LIST(duckdb.DOUBLE);
  const add = (name: string, types: { given: duckdb.DuckDBType; result: duckdb.DuckDBType }, call: Call) =>
    connection.registerScalarFunction(
      duckdb.DuckDBScalarFunction.create({
        ...{ name, parameterTypes: [types.given], returnType: types.result },
        mainFunction(_, chunk, output) {
          const values = chunk.getColumnVector(0);
          for (let row = 0; row < chunk.rowCount; row++) {
            const value = values.getItem(row);
            output.setItem(row, value === null ? null : call(value));
          }
          output.flush();
        },
      }),
    );
  add("half", { given: duckdb.DOUBLE, result: duckdb.DOUBLE }, (x) => Number(x) / 2);
  add("root", { given: duckdb.DOUBLE, result: duckdb.DOUBLE }, (x) => {
    if (Number(x) < 0) throw new Error("the number is negative");
    return Math.sqrt(Number(x));
  });
  add("upto", { given: duckdb.INTEGER, result: duckdb.LIST(duckdb.INTEGER) }, (n) =>
    duckdb.listValue(Array.from({ length: Math.max(0, Number(n)) }, (_, index) => index + 1)),
  );
  add("mean_of of lists", { given: doubles, result: duckdb.DOUBLE }, (list) => {
    const items = list instanceof duckdb.DuckDBListValue ? list.items : [];
    const known = items.filter((item) => item !== null).map(Number);
    return known.length > 0 ? known.reduce((sum, item) => sum + item, 0) / known.length : null;
  });
}

type Call = (value: duckdb.DuckDBValue) => duckdb.DuckDBValue;
