import * as z from "zod";
import { boundSchema, type Operator, orderSchema, typeOf } from "./bound-plan.ts";
import { expression } from "./expressions.ts";
import { groups } from "./groups.ts";
import { crossProduct, join } from "./joins.ts";
import { isNested, isOnSpark, type LogicalType, plain, quoted, showType, typeSchema } from "./logical-type.ts";
import { NotOnSpark, placedAt } from "./not-on-spark.ts";
import { names, numbered, type Relation, Rows } from "./relation.ts";
import type { Statement } from "./scope.ts";
import { windows } from "./windows.ts";

/** A table that the statement may read, with what it reads of it. */
export type Source = { table: string; read: Map<string, LogicalType> };
export type Context = {
  statement: Statement;
  source: Source;
  /** The types of common tables (WITH) by DuckDB's number of them. */
  common: Map<number, readonly LogicalType[]>;
};

/** The rows that an operator of the plan gives. Throws NotOnSpark. */
export function relation(operator: Operator, context: Context): Relation {
  const rule = Object.hasOwn(operators, operator.type) ? operators[operator.type] : undefined;
  if (!rule) throw unknownOperator(operator);
  return rule(operator, context);
}

type OperatorRule = (operator: Operator, context: Context) => Relation;

function child(operator: Operator, context: Context, index = 0): Relation {
  const found = operator.children[index];
  if (!found) throw new Error(`${operator.type} has no child ${index}`);
  return relation(found, context);
}

const expressionsSchema = z.object({ expressions: z.array(boundSchema) });

const getSchema = z.object({
  name: z.string(),
  names: z.array(z.string()),
  returned_types: z.array(typeSchema),
  column_indexes: z.array(z.object({ index: z.union([z.number(), z.string()]) })),
  projection_ids: z.array(z.number()).default([]),
  function_data: z.object({ table: z.string() }).optional(),
});

const get: OperatorRule = (operator, { source }) => {
  const { data } = getSchema.safeParse(operator);
  if (data?.name !== "seq_scan" || data.function_data?.table !== source.table) {
    throw new NotOnSpark({ what: `it reads something other than ${source.table}`, next: `Read ${source.table} only.` });
  }
  const all = data.column_indexes.map(({ index }) => {
    const name = typeof index === "number" ? data.names[index] : undefined;
    const type = typeof index === "number" ? data.returned_types[index] : undefined;
    // rows are counted, and nothing of them is read
    if (name === undefined || type === undefined) return { sql: "0L", type: plain("BIGINT") };
    if (!isOnSpark(type)) {
      const what = `the column ${name} is of the type ${showType(type)}, which has no equal in Spark`;
      throw new NotOnSpark({ what, next: "Leave it out, or run the job on the local target." });
    }
    source.read.set(name, type);
    return { sql: quoted(name), type };
  });
  const kept = data.projection_ids.length > 0 ? data.projection_ids.flatMap((index) => all[index] ?? []) : all;
  const columns = kept.length > 0 ? kept : [{ sql: "0L", type: plain("BIGINT") }];
  return {
    sql: `SELECT ${numbered(columns.map(({ sql }) => sql))} FROM ${source.table}`,
    columns: columns.map(({ type }) => type),
  };
};

const projection: OperatorRule = (operator, context) => {
  const below = child(operator, context);
  const { expressions } = expressionsSchema.parse(operator);
  const rows = new Rows(below, context.statement);
  const given = numbered(expressions.map((node) => expression(node, rows.scope)));
  return {
    sql: `SELECT ${given} FROM (${rows.sql})`,
    columns: expressions.map(typeOf),
  };
};

const filterSchema = expressionsSchema.extend({ projection_map: z.array(z.number()).default([]) });

const filter: OperatorRule = (operator, context) => {
  const below = child(operator, context);
  const { expressions, projection_map: map } = filterSchema.parse(operator);
  const rows = new Rows(below, context.statement);
  const condition = expressions.map((node) => expression(node, rows.scope)).join(" AND ");
  const kept = map.length > 0 ? map : below.columns.map((_, index) => index);
  const unordered = new Set(kept.flatMap((from, to) => (below.unordered?.has(from) ? [to] : [])));
  return {
    sql: `SELECT ${numbered(kept.map((index) => `c${index}`))} FROM (${rows.sql}) WHERE ${condition || "true"}`,
    columns: kept.flatMap((index) => below.columns[index] ?? []),
    unordered,
  };
};

const ordersSchema = z.object({ orders: z.array(orderSchema), projections: z.array(z.number()).default([]) });

const order: OperatorRule = (operator, context) => {
  const below = child(operator, context);
  const { orders, projections } = ordersSchema.parse(operator);
  const rows = new Rows(below, context.statement);
  const keys = orders.map(({ type, null_order, expression: node }, index) => {
    const value = sortable(expression(node, rows.scope), node);
    const direction = type === "DESCENDING" ? "DESC" : "ASC";
    return { value: `${value} AS o${index}`, key: `o${index} ${direction} ${null_order}` };
  });
  const kept = projections.length > 0 ? projections : below.columns.map((_, index) => index);
  const inner = `SELECT ${[names(below.columns), ...keys.map(({ value }) => value)].join(", ")} FROM (${rows.sql})`;
  return {
    sql: `SELECT ${numbered(kept.map((index) => `c${index}`))} FROM (${inner}) ORDER BY ${keys.map(({ key }) => key).join(", ")}`,
    columns: kept.flatMap((index) => below.columns[index] ?? []),
    ...(below.unordered ? { unordered: below.unordered } : {}),
  };
};

export function sortable(sql: string, node: Parameters<typeof typeOf>[0]): string {
  const type = typeOf(node);
  return placedAt(node.query_location, () => {
    if (type.kind !== "list" && type.kind !== "struct") return sql;
    throw new NotOnSpark({
      what: `values of the type ${showType(type)} are ordered otherwise by Spark`,
      next: "Order by their fields or elements.",
    });
  });
}

const bound = z.object({ type: z.string(), constant_integer: z.union([z.number(), z.string()]).default(0) });
const limitSchema = z.object({ limit_val: bound, offset_val: bound });

const limit: OperatorRule = (operator, context) => {
  const { limit_val: most, offset_val: skipped } = limitSchema.parse(operator);
  const constant = ["CONSTANT_VALUE", "UNSET"];
  if (!constant.includes(most.type) || !constant.includes(skipped.type)) {
    throw new NotOnSpark({
      what: "LIMIT of something that is no constant has no equal in Spark",
      next: "Write a number.",
    });
  }
  if (!isSorted(operator.children[0])) {
    throw new NotOnSpark({ what: "LIMIT without ORDER BY gives other rows on Spark", next: "Add an ORDER BY." });
  }
  const below = child(operator, context);
  const words = [
    most.type === "UNSET" ? "" : ` LIMIT ${most.constant_integer}`,
    skipped.type === "UNSET" ? "" : ` OFFSET ${skipped.constant_integer}`,
  ];
  return { ...below, sql: `SELECT ${names(below.columns)} FROM (${below.sql})${words.join("")}` };
};

/** The rows of an operator are in an order that the author gave. */
function isSorted(operator: Operator | undefined): boolean {
  if (operator?.type === "LOGICAL_PROJECTION") return isSorted(operator.children[0]);
  return operator?.type === "LOGICAL_ORDER_BY";
}

const distinct: OperatorRule = (operator, context) => {
  if (operator.distinct_type !== "DISTINCT") {
    throw new NotOnSpark({
      what: "DISTINCT ON has no equal in Spark",
      next: "Group by the columns, and take min(), max() or arg_min() of the others.",
    });
  }
  const below = child(operator, context);
  return { ...below, sql: `SELECT DISTINCT ${names(below.columns)} FROM (${below.sql})` };
};

const setSchema = z.object({ setop_all: z.boolean().default(false) });

const combined =
  (word: "UNION" | "EXCEPT" | "INTERSECT"): OperatorRule =>
  (operator, context) => {
    const { setop_all: all } = setSchema.parse(operator);
    const parts = operator.children.map((_, index) => child(operator, context, index));
    const [first] = parts;
    if (!first) throw new Error(`${operator.type} has no children`);
    if (word !== "UNION" && first.columns.some(isNested)) {
      throw new NotOnSpark({ what: `${word} of lists or structs has no equal in Spark`, next: "Use their fields." });
    }
    const selects = parts.map(({ sql, columns }) => `(SELECT ${names(columns)} FROM (${sql}))`);
    return {
      sql: `SELECT ${names(first.columns)} FROM (${selects.join(` ${word}${all ? " ALL" : ""} `)})`,
      columns: first.columns,
    };
  };

const unnestSchema = z.object({ expressions: z.array(boundSchema) });

const unnest: OperatorRule = (operator, context) => {
  const below = child(operator, context);
  const [node, more] = unnestSchema.parse(operator).expressions;
  if (node?.expression_class !== "BOUND_UNNEST" || more || typeOf(node.child).kind !== "list") {
    throw new NotOnSpark({
      what: "more than one unnest() in a SELECT has no equal in Spark",
      next: "Unnest one list, of structs where several values belong together.",
    });
  }
  const rows = new Rows(below, context.statement);
  const list = expression(node.child, rows.scope);
  const inner = `SELECT ${names(below.columns)}, ${list} AS list FROM (${rows.sql})`;
  return {
    sql: `SELECT ${names(below.columns)}, explode(list) AS c${below.columns.length} FROM (${inner})`,
    columns: [...below.columns, node.return_type],
  };
};

const commonSchema = z.object({ table_index: z.number() });
const common: OperatorRule = (operator, context) => {
  const { table_index: index } = commonSchema.parse(operator);
  const table = child(operator, context, 0);
  const inner = { ...context, common: new Map([...context.common, [index, table.columns]]) };
  const main = child(operator, inner, 1);
  return { ...main, sql: `WITH t${index} AS (${table.sql}) SELECT ${names(main.columns)} FROM (${main.sql})` };
};

const referenceSchema = z.object({ cte_index: z.number() });
const reference: OperatorRule = (operator, { common: tables }) => {
  const { cte_index: index } = referenceSchema.parse(operator);
  const columns = tables.get(index);
  if (!columns) throw unknownOperator({ type: "RECURSIVE_CTE", children: [] });
  return { sql: `SELECT ${names(columns)} FROM t${index}`, columns };
};

const oneRow: OperatorRule = () => ({ sql: "SELECT 0L AS c0", columns: [plain("BIGINT")] });

/** What DuckDB's operators are in an author's words. */
const words: Record<string, readonly [what: string, next: string]> = {
  LOGICAL_DELIM_JOIN: [
    "a subquery that looks at the rows around it, or unnest() in FROM,",
    "Write it as a JOIN with ON, and unnest() behind SELECT.",
  ],
  LOGICAL_EXPRESSION_GET: ["VALUES", "Write it as SELECT … UNION ALL SELECT …."],
  LOGICAL_SAMPLE: ["a sample", "Choose rows by a condition."],
};

function unknownOperator({ type }: Operator): NotOnSpark {
  const plain = `${type.replace("LOGICAL_", "").replaceAll("_", " ")} of DuckDB's plan`;
  const [what, next] = words[type] ?? [
    plain,
    "Write the statement in another way, or run the job on the local target.",
  ];
  return new NotOnSpark({ what: `${what} has no known equal in Spark`, next });
}

const operators: Readonly<Record<string, OperatorRule>> = {
  LOGICAL_GET: get,
  LOGICAL_PROJECTION: projection,
  LOGICAL_FILTER: filter,
  LOGICAL_AGGREGATE_AND_GROUP_BY: (operator, context) => groups(operator, child(operator, context), context.statement),
  LOGICAL_ORDER_BY: order,
  LOGICAL_LIMIT: limit,
  LOGICAL_DISTINCT: distinct,
  LOGICAL_DUMMY_SCAN: oneRow,
  LOGICAL_UNION: combined("UNION"),
  LOGICAL_EXCEPT: combined("EXCEPT"),
  LOGICAL_INTERSECT: combined("INTERSECT"),
  LOGICAL_UNNEST: unnest,
  LOGICAL_MATERIALIZED_CTE: common,
  LOGICAL_CTE_REF: reference,
  LOGICAL_WINDOW: (operator, context) => windows(operator, child(operator, context), context.statement),
  LOGICAL_CROSS_PRODUCT: (operator, context) => crossProduct(child(operator, context), child(operator, context, 1)),
  LOGICAL_COMPARISON_JOIN: (operator, context) =>
    join(operator, { left: child(operator, context), right: child(operator, context, 1) }, context.statement),
  LOGICAL_ANY_JOIN: (operator, context) =>
    join(operator, { left: child(operator, context), right: child(operator, context, 1) }, context.statement),
};
