import * as z from "zod";
import { boundSchema, type Operator } from "./bound-plan.ts";
import { compare, expression } from "./expressions.ts";
import { NotOnSpark } from "./not-on-spark.ts";
import { type Relation, Rows } from "./relation.ts";
import type { Statement } from "./scope.ts";

type Sides = { left: Relation; right: Relation };

const map = z.array(z.number()).default([]);
const schema = z.object({
  join_type: z.string(),
  /** Of a join that compares a side with the other. */
  conditions: z.array(z.object({ left: boundSchema, right: boundSchema, comparison: z.string() })).default([]),
  /** Of any other join. */
  condition: boundSchema.optional(),
  left_projection_map: map,
  right_projection_map: map,
});

const words: Record<string, string> = {
  INNER: "INNER JOIN",
  LEFT: "LEFT OUTER JOIN",
  RIGHT: "RIGHT OUTER JOIN",
  FULL: "FULL OUTER JOIN",
  SEMI: "LEFT SEMI JOIN",
  ANTI: "LEFT ANTI JOIN",
};

export function join(operator: Operator, { left, right }: Sides, statement: Statement): Relation {
  const { data } = schema.safeParse(operator);
  const word = data && words[data.join_type];
  if (!data || !word) {
    const isSubquery = ["MARK", "SINGLE"].includes(String(operator.join_type));
    throw new NotOnSpark({
      what: isSubquery
        ? "a subquery in an expression has no known equal in Spark"
        : `the join ${operator.join_type} has no known equal in Spark`,
      next: "Write it as JOIN, SEMI JOIN or ANTI JOIN with ON.",
    });
  }
  const rows = [new Rows(left, statement, "l."), new Rows(right, statement, "r.")] as const;
  const on = data.conditions.map((condition) =>
    compare({ ...condition, type: condition.comparison, leftScope: rows[0].scope, rightScope: rows[1].scope }),
  );
  if (data.condition) {
    const columns = rows.flatMap(({ scope }) => scope.columns);
    on.push(expression(data.condition, { statement, columns }));
  }
  const sides = [
    kept({ relation: left, table: "l", map: data.left_projection_map }),
    ...(["SEMI", "ANTI"].includes(data.join_type)
      ? []
      : [kept({ relation: right, table: "r", map: data.right_projection_map })]),
  ].flat();
  const columns = sides.map(({ sql }, index) => `${sql} AS c${index}`);
  return {
    sql: `SELECT ${columns.join(", ")} FROM (${rows[0].sql}) AS l ${word} (${rows[1].sql}) AS r ON ${on.join(" AND ") || "true"}`,
    columns: sides.map(({ type }) => type),
  };
}

export function crossProduct(left: Relation, right: Relation): Relation {
  const sides = [kept({ relation: left, table: "l", map: [] }), kept({ relation: right, table: "r", map: [] })].flat();
  const columns = sides.map(({ sql }, index) => `${sql} AS c${index}`);
  return {
    sql: `SELECT ${columns.join(", ")} FROM (${left.sql}) AS l CROSS JOIN (${right.sql}) AS r`,
    columns: sides.map(({ type }) => type),
  };
}

function kept({ relation, table, map: indexes }: { relation: Relation; table: string; map: readonly number[] }) {
  const all = relation.columns.map((type, index) => ({ sql: `${table}.c${index}`, type }));
  return indexes.length > 0 ? indexes.flatMap((index) => all[index] ?? []) : all;
}
