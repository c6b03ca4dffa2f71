import * as z from "zod";
import { UdfError } from "../../core/error.ts";
import { NotOnSpark } from "../spark-sql/not-on-spark.ts";
import type { ConstantCast, ConstantValue } from "../spark-sql/scope.ts";
import { type SparkStatement, toSparkSql } from "../spark-sql/to-spark-sql.ts";
import type { Column, RequestOf, SparkPlan } from "./messages.ts";
import type { Session } from "./session.ts";
import { identifier, literal } from "./sql-text.ts";
import { placeIn, type Statement } from "./statement-place.ts";

type PlanRequest = RequestOf<"plan">;
type Table = { table: "input" | "mapped"; columns: readonly Column[] };

/**
 * The statements of a job that has been planned, in Spark SQL. DuckDB binds them once more, to tables without rows whose
 * types are those of the files. Throws SPARK_SQL_UNSUPPORTED.
 */
export async function sparkPlan(
  session: Session,
  { request, columns }: { request: PlanRequest; columns: readonly Column[] },
): Promise<SparkPlan> {
  await session.run("DROP VIEW IF EXISTS map_rows; DROP VIEW IF EXISTS input");
  const map = await inSparkSql(session, request, { field: "map", sql: request.map }, { table: "input", columns });
  const input = map.read;
  if (request.reduce === null) return { map: map.sql, reduce: null, input, output: map.output };
  const mapped = { table: "mapped", columns: map.output } as const;
  const reduce = await inSparkSql(session, request, { field: "reduce", sql: request.reduce }, mapped);
  return { map: map.sql, reduce: reduce.sql, input, output: reduce.output };
}

async function inSparkSql(
  session: Session,
  request: PlanRequest,
  statement: Statement,
  { table, columns }: Table,
): Promise<SparkStatement> {
  const list = columns.map(({ name, type }) => `${identifier(name)} ${type}`).join(", ");
  await session.run(`CREATE OR REPLACE TEMP TABLE ${table}(${list})`);
  await session.define("spark_rows", statement.sql);
  const names = (await session.columnsOf("spark_rows")).map(({ name }) => name);
  await session.run("DROP VIEW spark_rows");
  try {
    return await toSparkSql({
      plan: await session.boundPlan(statement.sql),
      ...{ table, names },
      // with the module before it, a name is neither one of Spark's own functions nor another module's
      functions: request.functions.map(({ module, name, kind }) => ({
        name: kind === "aggregate" ? `${name} of lists` : name,
        sparkName: `${module}_${name}${kind === "aggregate" ? "_of_lists" : ""}`,
      })),
      evaluate: (cast) => evaluate(session, cast),
    });
  } catch (error) {
    if (!(error instanceof NotOnSpark)) throw error;
    throw new UdfError("SPARK_SQL_UNSUPPORTED", {
      what: `${statement.field}: ${error.what}`,
      where: placeIn(request, statement, characterAt(statement.sql, error)),
      next: error.next,
    });
  } finally {
    await session.run(`DROP TABLE ${table}`);
  }
}

/** DuckDB's plans count bytes. */
function characterAt(sql: string, { position, call }: NotOnSpark): number | undefined {
  if (position !== undefined) return Buffer.from(sql).subarray(0, position).toString().length;
  const found = call === undefined ? -1 : sql.search(new RegExp(`\\b${call}\\s*\\(`, "i"));
  return found < 0 ? undefined : found;
}

const valueSchema = z.object({ value: z.string().nullable() });
const intervalSchema = z.object({
  value: z.object({ months: z.coerce.string(), days: z.coerce.string(), micros: z.coerce.string() }),
});

/** A text that is none of the type is left to Spark, which says so where a row meets it. */
async function evaluate(session: Session, { text, type }: ConstantCast): Promise<ConstantValue | undefined> {
  const value = `CAST(${literal(text)} AS ${type})`;
  try {
    if (type === "INTERVAL") return intervalSchema.parse((await session.rows(`SELECT ${value} AS value`))[0]).value;
    return valueSchema.parse((await session.rows(`SELECT CAST(${value} AS VARCHAR) AS value`))[0]).value;
  } catch {
    return undefined;
  }
}
