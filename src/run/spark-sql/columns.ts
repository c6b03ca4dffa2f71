import { type Bound, typeOf } from "./bound-plan.ts";
import { expression } from "./expressions.ts";
import { type Relation, scopeOf } from "./relation.ts";
import type { Statement, Typed } from "./scope.ts";

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

  /** `kept` are columns of the rows that come in. */
  sql(kept = ""): string {
    const columns = this.#expressions.map((sql, index) => `${sql} AS a${index}`);
    const all = [kept, ...columns].filter((column) => column !== "");
    return `SELECT ${all.join(", ") || "0L AS a0"} FROM (${this.#below.sql})`;
  }
}
