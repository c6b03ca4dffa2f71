import * as z from "zod";
import { UdfError } from "../../core/error.ts";
import { nearest } from "../../core/nearest.ts";
import { findUnsupportedAggregate } from "./aggregate-calls.ts";
import { builtinsAmong } from "./builtins.ts";
import { openInput } from "./input-files.ts";
import type { Column, Reply, RequestOf } from "./messages.ts";
import { sparkPlan } from "./plan-spark.ts";
import { calledFunctions, findNotRowWise, givenEachRowOnce, type NotSupported } from "./row-wise.ts";
import { definition, type Session } from "./session.ts";
import { firstLine, parseSqlError, type SqlError } from "./sql-error.ts";
import { identifier } from "./sql-text.ts";
import { placeIn, type Statement } from "./statement-place.ts";

type PlanRequest = RequestOf<"plan">;

/** Finds the input files, and checks `map` and `reduce` against their columns and the module's functions. */
export async function planTask(session: Session, request: PlanRequest): Promise<Reply<"plan">> {
  // beside the statements: it waits for another database
  const [plan, builtins] = await Promise.all([
    planStatements(session, request),
    builtinsAmong(request.functions.map(({ name }) => name)),
  ]);
  const spark = request.dialect === "spark" ? await sparkPlan(session, { request, columns: plan.columns }) : null;
  return { ...plan, builtins, spark };
}

type Planned = Omit<Reply<"plan">, "builtins" | "spark">;

async function planStatements(session: Session, request: PlanRequest): Promise<Planned> {
  const map: Statement = { field: "map", sql: request.map };
  const tree = await serialized(session, request, map);
  const inOrder = [...givenEachRowOnce(tree)];
  refuseNotRowWise(request, tree);
  const { files, columns, source } = request.columns
    ? { files: [], columns: request.columns, source: withoutRows(request.columns) }
    : await openInput(session, request);
  await session.run(`${definition("input")}SELECT * FROM ${source}`);
  try {
    await bind(session, request, { ...map, view: "map_rows" });
    await refuseHiddenAggregate(session, request, map);
  } catch (error) {
    // an aggregate is better told by its name than by what follows from it
    refuseNotRowWise(request, tree, await aggregateNames(session));
    throw error;
  }
  if (request.reduce === null) {
    return { files, columns, outputColumns: await session.columnsOf("map_rows"), reduceCalls: [], inOrder };
  }
  const reduce: Statement = { field: "reduce", sql: request.reduce };
  const reduceTree = await serialized(session, request, reduce);
  refuse(request, reduce, findUnsupportedAggregate(reduceTree, moduleAggregates(request)));
  // a table and not a view, so that the input can go: reduce would see one part of it
  await session.run("CREATE OR REPLACE TEMP TABLE mapped AS SELECT * FROM map_rows LIMIT 0");
  await session.run("DROP VIEW map_rows; DROP VIEW input");
  await bind(session, request, { ...reduce, view: "reduce_rows" });
  const called = calledFunctions(reduceTree);
  const outputColumns = await session.columnsOf("reduce_rows");
  await session.run("DROP VIEW reduce_rows; DROP TABLE mapped");
  return {
    files,
    columns,
    outputColumns,
    inOrder,
    reduceCalls: request.functions.map(({ name }) => name).filter((name) => called.has(name.toLowerCase())),
  };
}

/** A FROM clause with columns only. */
function withoutRows(columns: readonly Column[]): string {
  const nulls = columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${identifier(name)}`);
  return `(SELECT ${nulls.join(", ")} WHERE false)`;
}

/** `aggregates` takes long to ask for: at first only what the statement shows by itself is looked for. */
function refuseNotRowWise(request: PlanRequest, tree: unknown, builtin: ReadonlySet<string> = new Set()): void {
  const found = findNotRowWise(tree, new Set([...builtin, ...moduleAggregates(request)]));
  if (!found) return;
  throw new UdfError("MAP_NOT_ROW_WISE", {
    what: found.what,
    where: placeIn(request, { field: "map", sql: request.map }, found.position),
    next: found.next,
  });
}

/** In lower case. */
function moduleAggregates({ functions }: PlanRequest): Set<string> {
  return new Set(functions.filter(({ kind }) => kind === "aggregate").map(({ name }) => name.toLowerCase()));
}

function refuse(request: PlanRequest, statement: Statement, found: NotSupported | undefined): void {
  if (!found) return;
  throw new UdfError("SQL_INVALID", {
    what: `${statement.field}: ${found.what}`,
    where: placeIn(request, statement, found.position),
    next: found.next,
  });
}

async function aggregateNames(session: Session): Promise<Set<string>> {
  const rows = await session.rows(
    "SELECT DISTINCT function_name AS name FROM duckdb_functions() WHERE function_type = 'aggregate'",
  );
  const names = z.array(z.object({ name: z.string() })).parse(rows);
  return new Set(names.map(({ name }) => name.toLowerCase()));
}

async function serialized(session: Session, request: PlanRequest, statement: Statement): Promise<unknown> {
  const tree = await session.serialize(statement.sql);
  const failed = z
    .object({ error: z.literal(true), error_message: z.string(), position: z.coerce.number().optional() })
    .safeParse(tree);
  if (!failed.success) return tree;
  const { error_message: message, position } = failed.data;
  const word = /at or near "([^"]+)"/.exec(message)?.[1]?.toLowerCase();
  const ours = request.functions.find(({ name }) => name.toLowerCase() === word)?.name;
  throw new UdfError("SQL_INVALID", {
    what: `${statement.field}: ${message}`,
    where: placeIn(request, statement, position),
    next: ours ? `"${ours}" is a word of SQL: write your function's name in quotes, "${ours}"(…).` : "Correct the SQL.",
  });
}

/** Lets DuckDB resolve every name and type of a statement without running it. */
async function bind(session: Session, request: PlanRequest, statement: Statement & { view: string }): Promise<void> {
  const { view, sql } = statement;
  try {
    await session.define(view, sql);
  } catch (cause) {
    const error = parseSqlError(cause);
    if (!error) throw cause;
    const position = error.position === undefined ? undefined : error.position - definition(view).length;
    const columns = (await session.columnsOf(statement.field === "map" ? "input" : "mapped")).map(({ name }) => name);
    throw bindError({ error, request, statement, columns, where: placeIn(request, statement, position), cause });
  }
}

/** Operators of DuckDB's plans that take in more than one row at a time. */
const manyRows = /AGGREGATE|GROUP_BY|WINDOW|ORDER_BY|TOP_N|LIMIT|SAMPLE/;

/** A macro can hide an aggregate (`geomean`), which only the plan shows. */
async function refuseHiddenAggregate(session: Session, request: PlanRequest, statement: Statement): Promise<void> {
  const [plan] = await session.rows("EXPLAIN (FORMAT json) SELECT * FROM map_rows");
  const { explain_value: text } = z.object({ explain_value: z.string() }).parse(plan);
  const name = operatorNames(JSON.parse(text)).find((operator) => manyRows.test(operator));
  if (name === undefined) return;
  throw new UdfError("MAP_NOT_ROW_WISE", {
    what: `map calls something that needs every row (DuckDB plans ${name})`,
    where: placeIn(request, statement),
    next: "Move it to reduce.",
  });
}

const operatorSchema = z.object({ name: z.string(), children: z.array(z.unknown()).default([]) });

function operatorNames(plan: unknown): string[] {
  const operators = Array.isArray(plan) ? plan : [plan];
  return operators.flatMap((operator) => {
    const { name, children } = operatorSchema.parse(operator);
    return [name.trim(), ...operatorNames(children)];
  });
}

type BindFailure = {
  error: SqlError;
  columns: string[];
  request: PlanRequest;
  statement: Statement;
  where: string;
  cause: unknown;
};

function bindError({ error, columns, request, statement, where, cause }: BindFailure): UdfError {
  const { field } = statement;
  const name = error.name ?? "";
  switch (error.error_subtype) {
    case "COLUMN_NOT_FOUND": {
      const meant = nearest(name, columns);
      const table = field === "map" ? "input" : "mapped rows";
      return new UdfError("COLUMN_UNKNOWN", {
        what: `${field}: the ${table} has no column "${name}"`,
        where,
        next: meant ? `Did you mean "${meant}"?` : `There is: ${columns.join(", ")}.`,
        cause,
      });
    }
    case "MISSING_ENTRY": {
      if (error.type === "Table") {
        return new UdfError("SQL_INVALID", {
          what: `${field}: there is no table "${name}"`,
          where,
          next: field === "map" ? 'The rows are the table "input".' : 'The rows that map gave are the table "mapped".',
          cause,
        });
      }
      const ours = request.functions.map((description) => description.name);
      const meant = nearest(name, ours) ?? error.candidates?.split(",")[0];
      return new UdfError("FUNCTION_UNKNOWN", {
        what: `${field}: there is no function "${name}"`,
        where,
        next: meant ? `Did you mean "${meant}"?` : `The module has: ${ours.join(", ")}.`,
        cause,
      });
    }
    case "NO_MATCHING_FUNCTION": {
      // an aggregate is called with lists of its values
      const called = name.replace(/ of lists$/, "").toLowerCase();
      const ours = request.functions.find((description) => description.name.toLowerCase() === called);
      const takes = ours ? ours.signature : (error.candidates ?? "").replaceAll("\n", ", ");
      return new UdfError("ARGUMENT_TYPE", {
        what: `${field}: ${error.call ?? name} does not fit ${takes}`,
        where,
        next: "Give it those types, with a CAST where needed.",
        cause,
      });
    }
    default:
      return new UdfError("SQL_INVALID", {
        what: `${field}: ${firstLine(error)}`,
        where,
        next: "Correct the SQL.",
        cause,
      });
  }
}
