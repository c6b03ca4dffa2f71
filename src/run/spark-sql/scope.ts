import type { LogicalType } from "./logical-type.ts";

/** A text cast to a type, as the statement has it: what DuckDB makes of it is known before anything is rendered. */
export type ConstantCast = { text: string; type: string };

/** What the constant is as DuckDB's text; null for a null; an interval in its parts. */
export type ConstantValue = string | null | { months: string; days: string; micros: string };

export function constantKey({ text, type }: ConstantCast): string {
  return `${type}\n${text}`;
}

/** What all of a statement's expressions share. */
export type Statement = {
  /** The module's functions by their names in lower case, with the names that they have in Spark. */
  functions: ReadonlyMap<string, string>;
  /** By `constantKey`. */
  constants: ReadonlyMap<string, ConstantValue>;
  /** A number that is given once. */
  fresh(): number;
};

/** What an expression can refer to. */
export type Scope = {
  statement: Statement;
  /** The columns of the rows that come in, as they are written in Spark SQL. */
  columns: readonly string[];
  /** Columns with lists whose order is not known: only aggregates of the module may have them. */
  unordered?: ReadonlySet<number> | undefined;
  /** A condition of the rows that the expression is computed for; where it is missing, for all. */
  taken?: string;
  /** Makes a column of a call of the module's functions; where it is missing, calls stay where they are. */
  hoist?: (call: string) => string;
  /** The column of a call, where there is one already. */
  hoisted?: (call: string) => string | undefined;
};

/** The scope of a branch, for rows at which none of `before` is true and `when`, if any, is. */
export function branch(scope: Scope, before: readonly string[], when?: string): Scope {
  if (before.length === 0 && when === undefined) return scope;
  const others = before.map((condition) => `WHEN ${condition} THEN false`);
  const own = when ?? "true";
  const taken = others.length === 0 ? own : `CASE ${others.join(" ")} ELSE ${own} END`;
  // CASE and not AND, which looks at its second side where the first is null
  return { ...scope, taken: scope.taken === undefined ? taken : `CASE WHEN ${scope.taken} THEN ${taken} END` };
}

/** A rendered expression with the type that its values have in DuckDB. */
export type Typed = { sql: string; type: LogicalType };

/** Longer than this an expression is not written twice. */
const short = 60;

/** Names the value of an expression for `body`, which may write it more than once. */
export function once({ statement }: Scope, sql: string, body: (name: string) => string): string {
  if (sql.length <= short) return body(sql);
  const name = `v${statement.fresh()}`;
  return `transform(array(${sql}), ${name} -> ${body(name)})[0]`;
}

/** An error that ends the query where it is computed. */
export function raise(text: string): string {
  return `raise_error(${textLiteral(text)})`;
}

/** A text as Spark reads it with `sparkSqlSettings`. */
export function textLiteral(text: string): string {
  const escaped = text.replaceAll(/[\\'$]|\p{Cc}/gu, (character) => {
    if (character === "\\" || character === "'") return `\\${character}`;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `'${escaped}'`;
}
