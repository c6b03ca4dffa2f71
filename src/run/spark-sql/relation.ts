import type { LogicalType } from "./logical-type.ts";
import type { Scope, Statement } from "./scope.ts";

/** A SELECT whose columns are named c0, c1 and so on. */
export type Relation = {
  sql: string;
  columns: readonly LogicalType[];
  /** Columns with lists whose order is not known. */
  unordered?: ReadonlySet<number>;
};

export function scopeOf({ columns, unordered }: Relation, statement: Statement, table = ""): Scope {
  return { statement, columns: columns.map((_, index) => `${table}c${index}`), unordered };
}

/** `c0, c1`, of some of the columns. */
export function names(columns: readonly unknown[]): string {
  return columns.map((_, index) => `c${index}`).join(", ");
}

/** `a AS c0, b AS c1`. */
export function numbered(expressions: readonly string[]): string {
  return expressions.map((sql, index) => (sql === `c${index}` ? sql : `${sql} AS c${index}`)).join(", ");
}
