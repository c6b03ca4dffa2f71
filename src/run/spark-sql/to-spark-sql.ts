import * as z from "zod";
import { type Operator, readPlan } from "./bound-plan.ts";
import { is, isSame, type LogicalType, quoted, showType, sparkType, typeSchema, writtenType } from "./logical-type.ts";
import { NotOnSpark } from "./not-on-spark.ts";
import { relation } from "./relations.ts";
import { type ConstantCast, type ConstantValue, constantKey, type Statement } from "./scope.ts";

export type SparkStatement = {
  sql: string;
  /** The columns of its table that it reads. */
  read: SparkColumn[];
  output: SparkColumn[];
};

/** A column with its types in DuckDB and in Spark. */
export type SparkColumn = { name: string; type: string; sparkType: string };

export type ToSpark = {
  /** What DuckDB's `json_serialize_plan(…, optimize := false)` says of the statement. */
  plan: string;
  /** The one table that the statement reads. */
  table: string;
  /** Names of the columns that it gives. */
  names: readonly string[];
  /** The module's functions: DuckDB's name, and the one in Spark. */
  functions: readonly { name: string; sparkName: string }[];
  /** Computes a cast of a constant as DuckDB does, where the text is none of the type `undefined`. */
  evaluate(cast: ConstantCast): Promise<ConstantValue | undefined>;
};

/**
 * A statement that DuckDB has bound, as one of Spark SQL (3.5 and 4.3, under `sparkSqlSettings`) that gives equal rows.
 * Throws NotOnSpark for what is not known to mean the same.
 */
export async function toSparkSql({ plan, table, names, functions, evaluate }: ToSpark): Promise<SparkStatement> {
  const root = known(() => readPlan(plan));
  const constants = new Map<string, ConstantValue>();
  for (const cast of constantCasts(root)) {
    const value = await evaluate(cast);
    if (value !== undefined) constants.set(constantKey(cast), value);
  }
  let numbers = 0;
  const statement: Statement = {
    functions: new Map(functions.map(({ name, sparkName }) => [name.toLowerCase(), quoted(sparkName)])),
    constants,
    fresh: () => numbers++,
  };
  const source = { table, read: new Map<string, LogicalType>() };
  const { sql, columns } = known(() => relation(root, { statement, source, common: new Map() }));
  const output = names.map((name, index) => {
    const type = columns[index];
    if (!type) throw new Error(`the plan has no column ${index}`);
    const written = writtenType(type);
    const value = isSame(type, written) ? `c${index}` : `CAST(c${index} AS ${sparkType(written)})`;
    return { ...column(name, written), value: `${value} AS ${quoted(name)}` };
  });
  const whole = `SELECT ${output.map(({ value }) => value).join(", ")} FROM (${sql})`;
  refuseTaken(whole, functions);
  return {
    sql: whole,
    read: [...source.read].map(([name, type]) => column(name, type)),
    output: output.map(({ value: _, ...described }) => described),
  };
}

function column(name: string, type: LogicalType): SparkColumn {
  return { name, type: showType(type), sparkType: sparkType(type) };
}

/** Refuses a plan that DuckDB cannot write down, or writes in a way that is not known here. */
function known<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new NotOnSpark({
      what: "DuckDB's plan of it has a part that is not known",
      next: "Write the statement in another way, or run the job on the local target.",
    });
  }
}

/** A function of the module takes the place of Spark's of that name, which the statement may need itself. */
function refuseTaken(sql: string, functions: ToSpark["functions"]): void {
  const withoutQuoted = sql.replaceAll(/`(?:[^`]|``)*`|'(?:[^'\\]|\\.)*'/g, "`");
  const used = new Set([...withoutQuoted.matchAll(/\b([a-z_]\w*)\(/gi)].map(([, name]) => name?.toLowerCase()));
  const taken = functions.find(({ sparkName }) => used.has(sparkName.toLowerCase()));
  if (!taken) return;
  throw new NotOnSpark({
    what: `${taken.name}() has the name of a function of Spark that the statement needs`,
    next: "Rename it in UDF_MODULE.",
  });
}

const castSchema = z.object({
  expression_class: z.literal("BOUND_CAST"),
  return_type: z.unknown(),
  child: z.object({
    expression_class: z.literal("BOUND_CONSTANT"),
    value: z.object({ type: z.object({ id: z.literal("VARCHAR") }), value: z.string() }),
  }),
});

/** The casts of constant texts anywhere in a plan. */
function constantCasts(root: Operator): ConstantCast[] {
  const found = new Map<string, ConstantCast>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { data } = castSchema.safeParse(value);
    const type = data && typeSchema.parse(data.return_type);
    if (type && !is(type, "VARCHAR")) {
      const cast = { text: data.child.value.value, type: showType(type) };
      found.set(constantKey(cast), cast);
    }
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(root);
  return [...found.values()];
}
