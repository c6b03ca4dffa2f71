import * as z from "zod";
import { aggregate, isUnordered } from "./aggregates.ts";
import { type Bound, type BoundOf, boundSchema, type Operator, typeOf } from "./bound-plan.ts";
import { refused } from "./call.ts";
import { Columns } from "./columns.ts";
import type { Relation } from "./relation.ts";
import type { Statement } from "./scope.ts";

const schema = z.object({
  expressions: z.array(boundSchema),
  groups: z.array(boundSchema),
  grouping_sets: z.array(z.array(z.number())).default([]),
  grouping_functions: z.array(z.unknown()).default([]),
});

/**
 * GROUP BY and aggregates. What is grouped by and what is aggregated are columns of a query below, so that no number is
 * taken for a position, and functions of the module are computed once.
 */
export function groups(operator: Operator, below: Relation, statement: Statement): Relation {
  const { expressions, groups: keys, grouping_sets: sets, grouping_functions: functions } = schema.parse(operator);
  if (functions.length > 0 || sets.length > 1 || (sets[0]?.length ?? 0) !== keys.length) {
    throw refused(
      "ROLLUP, CUBE and GROUPING SETS have no known equal in Spark",
      "Write one SELECT for each, with UNION ALL.",
    );
  }
  const columns = new Columns(below, statement);
  const grouped = keys.map((node) => columns.add(node).sql);
  const calls = expressions.map(aggregateOf);
  // DuckDB's own check of a subquery that gives one value has no number for its grouping sets
  const isCheck = typeof operator.groupings_index !== "number";
  const single = isCheck && keys.length === 0 && calls.length === 2 && calls.some(({ name }) => name === "count_star");
  const aggregates = calls.map((node) =>
    aggregate({
      node,
      args: node.children.map((child) => columns.add(child)),
      filter: node.filter && columns.add(node.filter).sql,
      orders: (node.order_bys?.orders ?? []).map((order) => ({ ...order, key: columns.add(order.expression) })),
      single,
      statement,
    }),
  );
  const given = [...grouped, ...aggregates].map((sql, index) => `${sql} AS c${index}`).join(", ");
  return {
    sql: `SELECT ${given} FROM (${columns.sql()})${grouped.length > 0 ? ` GROUP BY ${grouped.join(", ")}` : ""}`,
    columns: [...keys, ...calls].map(typeOf),
    unordered: new Set(calls.flatMap((node, index) => (isUnordered(node) ? [keys.length + index] : []))),
  };
}

function aggregateOf(node: Bound): BoundOf<"BOUND_AGGREGATE"> {
  if (node.expression_class === "BOUND_AGGREGATE") return node;
  throw new Error(`the plan aggregates with ${node.expression_class}`);
}
