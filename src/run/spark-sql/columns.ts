import { type Bound, typeOf } from "./bound-plan.ts";
import { expression } from "./expressions.ts";
import { type Relation, Rows } from "./relation.ts";
import type { Statement, Typed } from "./scope.ts";

/** A query that gives each expression once, as a column of its own. */
export class Columns {
  readonly #rows: Rows;
  readonly #expressions: string[] = [];

  constructor(below: Relation, statement: Statement) {
    this.#rows = new Rows(below, statement);
  }

  add(node: Bound): Typed {
    const sql = expression(node, this.#rows.scope);
    const known = this.#expressions.indexOf(sql);
    const index = known >= 0 ? known : this.#expressions.push(sql) - 1;
    return { sql: `a${index}`, type: typeOf(node) };
  }

  /** `kept` are columns of the rows that come in. */
  sql(kept = ""): string {
    const columns = this.#expressions.map((sql, index) => `${sql} AS a${index}`);
    const all = [kept, ...columns].filter((column) => column !== "");
    return `SELECT ${all.join(", ") || "0L AS a0"} FROM (${this.#rows.sql})`;
  }
}
