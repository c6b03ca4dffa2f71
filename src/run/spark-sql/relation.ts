import type { LogicalType } from "./logical-type.ts";
import type { Scope, Statement } from "./scope.ts";

/** A SELECT whose columns are named c0, c1 and so on. */
export type Relation = {
  sql: string;
  columns: readonly LogicalType[];
  /** Columns with lists whose order is not known. */
  unordered?: ReadonlySet<number>;
};

/**
 * The rows that come in to an operator, with the calls of the module's functions as columns of a query below it: Spark
 * takes none of them in a lambda, computes them for all rows anyhow, and computes equal calls once this way.
 */
export class Rows {
  readonly scope: Scope;
  readonly #relation: Relation;
  /** Calls, and how many queries with calls are below each. */
  readonly #calls: { sql: string; depth: number }[] = [];

  constructor(relation: Relation, statement: Statement, table = "") {
    this.#relation = relation;
    this.scope = {
      statement,
      columns: relation.columns.map((_, index) => `${table}c${index}`),
      unordered: relation.unordered,
      hoist: (sql) => `${table}${this.#column(below(sql, table))}`,
      hoisted: (sql) => {
        const known = this.#known(below(sql, table));
        return known === undefined ? undefined : `${table}${known}`;
      },
    };
  }

  #known(call: string): string | undefined {
    const known = this.#calls.findIndex((other) => other.sql === call);
    return known < 0 ? undefined : `u${known}`;
  }

  #column(call: string): string {
    const known = this.#known(call);
    if (known !== undefined) return known;
    const inner = [...call.matchAll(/\bu(\d+)\b/g)].map(([, index]) => this.#calls[Number(index)]?.depth ?? -1);
    return `u${this.#calls.push({ sql: call, depth: Math.max(-1, ...inner) + 1 }) - 1}`;
  }

  /** After all expressions have been rendered. */
  get sql(): string {
    const columns = [names(this.#relation.columns)];
    let { sql } = this.#relation;
    for (let depth = 0; this.#calls.some((call) => call.depth === depth); depth++) {
      const here = this.#calls.flatMap((call, index) => (call.depth === depth ? [{ ...call, name: `u${index}` }] : []));
      sql = `SELECT ${[...columns, ...here.map((call) => `${call.sql} AS ${call.name}`)].join(", ")} FROM (${sql})`;
      columns.push(...here.map(({ name }) => name));
    }
    return sql;
  }
}

/** A call as the query below has it, which has no name for its table. */
function below(sql: string, table: string): string {
  return table === "" ? sql : sql.replaceAll(new RegExp(`\\b${table.replace(".", "\\.")}([cu]\\d+)\\b`, "g"), "$1");
}

/** `c0, c1`, of some of the columns. */
export function names(columns: readonly unknown[]): string {
  return columns.map((_, index) => `c${index}`).join(", ");
}

/** `a AS c0, b AS c1`. */
export function numbered(expressions: readonly string[]): string {
  return expressions.map((sql, index) => (sql === `c${index}` ? sql : `${sql} AS c${index}`)).join(", ");
}
