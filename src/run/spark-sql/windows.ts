import * as z from "zod";
import { aggregate } from "./aggregates.ts";
import { type Bound, type BoundOf, boundSchema, type Operator, typeOf } from "./bound-plan.ts";
import { refused } from "./call.ts";
import { Columns } from "./columns.ts";
import { isNested } from "./logical-type.ts";
import { placedAt } from "./not-on-spark.ts";
import { names, type Relation } from "./relation.ts";
import type { Statement } from "./scope.ts";

const schema = z.object({ expressions: z.array(boundSchema) });
type Window = BoundOf<"BOUND_WINDOW">;

/** Functions over windows: each is a column more. */
export function windows(operator: Operator, below: Relation, statement: Statement): Relation {
  const columns = new Columns(below, statement);
  const { expressions } = schema.parse(operator);
  const rendered = expressions.map((node, index) => {
    if (node.expression_class !== "BOUND_WINDOW")
      throw new Error(`the plan has ${node.expression_class} over a window`);
    const sql = placedAt(node.query_location, () => window(node, columns, statement));
    return `${sql} AS c${below.columns.length + index}`;
  });
  return {
    sql: `SELECT ${[names(below.columns), ...rendered].join(", ")} FROM (${columns.sql(names(below.columns))})`,
    columns: [...below.columns, ...expressions.map(typeOf)],
  };
}

const ranks: Record<string, string> = {
  WINDOW_ROW_NUMBER: "row_number()",
  WINDOW_RANK: "rank()",
  WINDOW_RANK_DENSE: "dense_rank()",
  WINDOW_PERCENT_RANK: "percent_rank()",
  WINDOW_CUME_DIST: "cume_dist()",
};

const values: Record<string, string> = {
  WINDOW_FIRST_VALUE: "first_value",
  WINDOW_LAST_VALUE: "last_value",
};

function window(node: Window, columns: Columns, statement: Statement): string {
  if (node.filter_expr || node.distinct || node.arg_orders.length > 0 || node.exclude_clause !== "NO_OTHER") {
    throw refused(
      "FILTER, DISTINCT, ORDER BY and EXCLUDE of a window have no equal in Spark",
      "Use CASE, or a subquery.",
    );
  }
  const args = node.children.map((child) => columns.add(child));
  const [first] = args;
  if (node.type === "WINDOW_AGGREGATE") {
    const over = (call: string) => `${call} OVER (${[...partition(node, columns), frame(node)].join(" ")})`;
    const fake = { ...node, expression_class: "BOUND_AGGREGATE", name: node.name ?? "" } as const;
    const call = { ...fake, aggregate_type: "NON_DISTINCT", filter: null, order_bys: null };
    return aggregate({ node: call, args, filter: null, orders: [], single: false, statement, over });
  }
  if (node.orders.length === 0) {
    throw refused("a window without ORDER BY has its rows in another order on Spark", "Add an ORDER BY to the window.");
  }
  const rank = ranks[node.type];
  const whole = `OVER (${partition(node, columns).join(" ")})`;
  if (rank)
    return node.type === "WINDOW_PERCENT_RANK" || node.type === "WINDOW_CUME_DIST"
      ? `${rank} ${whole}`
      : `CAST(${rank} ${whole} AS BIGINT)`;
  const name = values[node.type];
  const nulls = node.ignore_nulls ? " IGNORE NULLS" : "";
  if (name && first)
    return `${name}(${first.sql})${nulls} OVER (${[...partition(node, columns), frame(node)].join(" ")})`;
  if ((node.type === "WINDOW_LAG" || node.type === "WINDOW_LEAD") && first && !node.default_expr) {
    const offset = node.offset_expr ? constantInteger(node.offset_expr) : 1;
    return `${node.type.slice(7).toLowerCase()}(${first.sql}, ${offset})${nulls} ${whole}`;
  }
  throw refused(
    `${node.type.replace("WINDOW_", "").toLowerCase()}() over a window with these arguments has no known equal in Spark`,
    "Use row_number, rank, lag, lead, first_value, last_value or an aggregate.",
  );
}

function partition({ partitions, orders }: Window, columns: Columns): string[] {
  if ([...partitions, ...orders.map(({ expression }) => expression)].some((node) => isNested(typeOf(node)))) {
    throw refused("lists and structs are ordered otherwise by Spark", "Order by their fields or elements.");
  }
  const by = partitions.map((node) => columns.add(node).sql);
  const keys = orders.map(({ type, null_order: nulls, expression }) => {
    return `${columns.add(expression).sql} ${type === "DESCENDING" ? "DESC" : "ASC"} ${nulls}`;
  });
  return [
    ...(by.length > 0 ? [`PARTITION BY ${by.join(", ")}`] : []),
    ...(keys.length > 0 ? [`ORDER BY ${keys.join(", ")}`] : []),
  ];
}

function frame({ start, end, start_expr, end_expr, orders }: Window): string {
  const edges = [edge(start, start_expr), edge(end, end_expr)];
  const isRows = [start, end].some((kind) => kind.endsWith("_ROWS"));
  const isWhole = edges.join() === "UNBOUNDED PRECEDING,UNBOUNDED FOLLOWING";
  if (orders.length === 0 && isRows && !isWhole) {
    throw refused("rows of a window without ORDER BY are in another order on Spark", "Add an ORDER BY to the window.");
  }
  // without an order all rows are peers, and Spark takes no RANGE
  if (orders.length === 0) return "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING";
  return `${isRows ? "ROWS" : "RANGE"} BETWEEN ${edges.join(" AND ")}`;
}

function edge(kind: string, expression: Bound | null): string {
  switch (kind) {
    case "UNBOUNDED_PRECEDING":
      return "UNBOUNDED PRECEDING";
    case "UNBOUNDED_FOLLOWING":
      return "UNBOUNDED FOLLOWING";
    case "CURRENT_ROW_ROWS":
    case "CURRENT_ROW_RANGE":
      return "CURRENT ROW";
    case "EXPR_PRECEDING_ROWS":
      return `${constantInteger(expression)} PRECEDING`;
    case "EXPR_FOLLOWING_ROWS":
      return `${constantInteger(expression)} FOLLOWING`;
    default:
      throw refused(`the frame ${kind} of a window has no known equal in Spark`, "Use ROWS BETWEEN numbers of rows.");
  }
}

function constantInteger(node: Bound | null): string {
  if (node?.expression_class === "BOUND_CAST") return constantInteger(node.child);
  const value = node?.expression_class === "BOUND_CONSTANT" ? String(node.value.value) : "";
  if (/^\d{1,9}$/.test(value)) return value;
  throw refused("a window counts rows by something that is no constant", "Write a number.");
}
