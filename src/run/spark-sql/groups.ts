import * as z from "zod";
import { aggregate, isUnordered } from "./aggregates.ts";
import { type Bound, type BoundOf, boundSchema, type Operator, typeOf } from "./bound-plan.ts";
import { refused } from "./call.ts";
import { expression } from "./expressions.ts";
import { type Relation, scopeOf } from "./relation.ts";
import type { Statement, Typed } from "./scope.ts";

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
  const single = keys.length === 0 && calls.length === 2 && calls.some(({ name }) => name === "count_star");
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

/** A query that gives each expression once, as a column of its own. */
export class Columns {
  readonly #below: Relation;
  readonly #statement: Statement;
  readonly #expressions: string[] = [];

  constructor(below: Relation, statement: Statement) {
    this.#below = below;
    this.#statement = statement;
  }

  add(node: Bound): Typed {
    const sql = expression(node, scopeOf(this.#below, this.#statement));
    const known = this.#expressions.indexOf(sql);
    const index = known >= 0 ? known : this.#expressions.push(sql) - 1;
    return { sql: `a${index}`, type: typeOf(node) };
  }

  sql(): string {
    const columns = this.#expressions.map((sql, index) => `${sql} AS a${index}`);
    return `SELECT ${columns.join(", ") || "0L AS a0"} FROM (${this.#below.sql})`;
  }
}
