import * as z from "zod";
import { calls, type Node, nodeSchema, positionOf, walk } from "./sql-tree.ts";

/** What a statement does that it cannot, and at which character of it. */
export type NotSupported = { what: string; next: string; position?: number };

const toReduce = (what: string) => `Move ${what} to reduce.`;

/**
 * Looks in the serialised statement for all that needs more than one row at a time, or another table. `aggregates` are
 * the names of DuckDB's aggregate functions.
 */
export function findNotRowWise(serialized: unknown, aggregates: ReadonlySet<string>): NotSupported | undefined {
  const { statements } = z.object({ statements: z.array(z.object({ node: nodeSchema })) }).parse(serialized);
  const [statement, ...others] = statements;
  if (!statement || others.length > 0) return { what: "map is not one SELECT", next: "Write one SELECT … FROM input." };
  return inSelect(statement.node, aggregates);
}

/** Names of the functions that a serialised statement calls, in lower case. */
export function calledFunctions(serialized: unknown): Set<string> {
  const names = new Set<string>();
  calls(serialized, (node) => {
    names.add(String(node.function_name).toLowerCase());
    return undefined;
  });
  return names;
}

/** Classes of expressions that compute their children for some rows only, or for something else than rows. */
const notForEachRow = new Set(["CASE", "CONJUNCTION", "LAMBDA", "SUBQUERY"]);

/**
 * Names, in lower case, of the functions that are surely given every row once and in order by a serialised statement
 * that is row-wise: it calls them at one place, for all rows, and not only if something else is so.
 */
export function givenEachRowOnce(serialized: unknown): Set<string> {
  const calls: string[] = [];
  let certain = true;
  walk(serialized, (node) => {
    const filters = node.type === "SELECT_NODE" && node.where_clause;
    const coalesces = node.type === "OPERATOR_COALESCE";
    if (filters || coalesces || notForEachRow.has(String(node.class))) certain = false;
    if (node.class === "FUNCTION" && typeof node.function_name === "string")
      calls.push(node.function_name.toLowerCase());
    return undefined;
  });
  return new Set(certain ? calls.filter((name) => calls.indexOf(name) === calls.lastIndexOf(name)) : []);
}

function inSelect(select: Node, aggregates: ReadonlySet<string>): NotSupported | undefined {
  if (select.type === "SET_OPERATION_NODE")
    return { what: "map joins results with UNION, EXCEPT or INTERSECT", next: toReduce("it") };
  if (select.type !== "SELECT_NODE")
    return { what: "map is not a plain SELECT", next: "Write one SELECT … FROM input." };
  return (
    inCommonTables(select) ??
    inModifiers(select.modifiers) ??
    inGroups(select) ??
    inFrom(select.from_table) ??
    walk([select.select_list, select.where_clause, select.qualify], (node) => inExpression(node, aggregates))
  );
}

function inCommonTables(select: Node): NotSupported | undefined {
  const map = nodeSchema.safeParse(select.cte_map).data?.map;
  return Array.isArray(map) && map.length > 0
    ? { what: "map has a WITH clause", next: "Write its expressions into the SELECT." }
    : undefined;
}

const modifiers: Record<string, string> = {
  ORDER_MODIFIER: "ORDER BY",
  LIMIT_MODIFIER: "LIMIT",
  LIMIT_PERCENT_MODIFIER: "LIMIT",
  DISTINCT_MODIFIER: "DISTINCT",
};

function inModifiers(list: unknown): NotSupported | undefined {
  for (const modifier of z.array(nodeSchema).catch([]).parse(list)) {
    const name = modifiers[String(modifier.type)] ?? "a modifier";
    return { what: `map uses ${name}, which needs every row`, next: toReduce(name) };
  }
  return undefined;
}

function inGroups(select: Node): NotSupported | undefined {
  const groups = [select.group_expressions, select.group_sets].some(
    (value) => Array.isArray(value) && value.length > 0,
  );
  if (groups || select.aggregate_handling === "FORCE_AGGREGATES") {
    return { what: "map uses GROUP BY, which needs every row", next: toReduce("GROUP BY") };
  }
  if (select.having) return { what: "map uses HAVING, which needs every row", next: toReduce("HAVING") };
  if (select.qualify) return { what: "map uses QUALIFY, which needs a window of rows", next: toReduce("QUALIFY") };
  if (select.sample)
    return { what: "map samples rows, which each part would do for itself", next: toReduce("the sample") };
  return undefined;
}

function inFrom(from: unknown): NotSupported | undefined {
  const table = nodeSchema.safeParse(from).data;
  const isInput =
    table?.type === "BASE_TABLE" && String(table.table_name).toLowerCase() === "input" && table.schema_name === "";
  const position = positionOf(table ?? {});
  if (isInput && table?.sample)
    return { what: "map samples rows, which each part would do for itself", next: toReduce("the sample") };
  if (isInput) return undefined;
  const what = table?.type === "JOIN" ? "map joins tables" : "map reads something other than the table input";
  return { what, next: "Write SELECT … FROM input; what else a function needs goes into a config file.", ...position };
}

function inExpression(node: Node, aggregates: ReadonlySet<string>): NotSupported | undefined {
  const name = typeof node.function_name === "string" ? node.function_name : "";
  if (node.class === "WINDOW") {
    return {
      what: `map calls ${name || "a function"}() over a window, which needs more than one row`,
      next: toReduce("the window"),
      ...positionOf(node),
    };
  }
  if (node.class === "SUBQUERY") {
    return {
      what: "map has a subquery, which would see one part of the rows only",
      next: toReduce("the subquery"),
      ...positionOf(node),
    };
  }
  if (node.class === "FUNCTION" && aggregates.has(name.toLowerCase())) {
    return { what: `map calls ${name}(), which needs every row`, next: toReduce(`${name}()`), ...positionOf(node) };
  }
  return undefined;
}
