import type { Span } from "./span.ts";

/** `isOpen`: it has no end, so what is written behind it belongs to it. */
export type SqlToken = Span & {
  kind: "name" | "text" | "number" | "symbol" | "comment";
  text: string;
  isOpen: boolean;
};

/*
 * DuckDB's lexer is that of PostgreSQL. Source: PostgreSQL, "Lexical Structure". The open forms come after the closed
 * ones of the same kind. A quoted name is a name, without its quotes.
 */
const forms: readonly { kind: SqlToken["kind"]; form: RegExp; isOpen: boolean }[] = [
  { kind: "comment", form: /--[^\n]*/y, isOpen: true },
  { kind: "text", form: /[eE]'(?:\\[\s\S]|''|[^'\\])*'(?!')/y, isOpen: false },
  { kind: "text", form: /[eE]'[\s\S]*/y, isOpen: true },
  { kind: "text", form: /[xXbB]?'(?:''|[^'])*'(?!')/y, isOpen: false },
  { kind: "text", form: /[xXbB]?'[\s\S]*/y, isOpen: true },
  { kind: "text", form: /\$(?<tag>[\p{L}_][\p{L}\p{N}_]*)?\$[\s\S]*?\$\k<tag>\$/uy, isOpen: false },
  { kind: "text", form: /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$[\s\S]*/uy, isOpen: true },
  { kind: "name", form: /"(?:""|[^"])*"(?!")/y, isOpen: false },
  { kind: "name", form: /"[\s\S]*/y, isOpen: true },
  { kind: "name", form: /[\p{L}_][\p{L}\p{N}_$]*/uy, isOpen: false },
  { kind: "number", form: /(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y, isOpen: false },
  { kind: "symbol", form: /::|->|[<>!=]=|<>|\|\||[\s\S]/uy, isOpen: false },
];

/** The tokens of a statement, comments included and blanks left out. */
export function sqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let at = 0; at < sql.length; ) {
    if (/\s/.test(sql[at] ?? "")) {
      at++;
      continue;
    }
    const token = blockComment(sql, at) ?? formAt(sql, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

/** They may lie in each other. */
function blockComment(sql: string, start: number): SqlToken | undefined {
  if (!sql.startsWith("/*", start)) return undefined;
  let depth = 0;
  let end = start;
  do {
    if (sql.startsWith("/*", end)) depth++;
    else if (sql.startsWith("*/", end)) depth--;
    else {
      end++;
      continue;
    }
    end += 2;
  } while (depth > 0 && end < sql.length);
  return { kind: "comment", start, end, text: sql.slice(start, end), isOpen: depth > 0 };
}

function formAt(sql: string, start: number): SqlToken {
  for (const { kind, form, isOpen } of forms) {
    form.lastIndex = start;
    const text = form.exec(sql)?.[0];
    if (!text) continue;
    return { kind, start, end: start + text.length, text: kind === "name" ? unquoted(text) : text, isOpen };
  }
  return { kind: "symbol", start, end: start + 1, text: sql[start] ?? "", isOpen: false };
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.replace(/^"|"$/g, "").replaceAll('""', '"') : text;
}

/** A name as SQL writes it: in quotes where it needs them. */
export function sqlName(name: string): string {
  const isPlain = /^[a-z_][a-z0-9_]*$/i.test(name) && !isKeyword(name);
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Words that cannot be a column's name without quotes. Source: DuckDB, `duckdb_keywords()`, category "reserved". */
const reserved = new Set(
  (
    "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default " +
    "deferrable desc describe distinct do else end except false fetch for foreign from group having in initially " +
    "intersect into lambda lateral leading limit not null offset on only or order pivot pivot_longer pivot_wider placing primary qualify " +
    "references returning select show some summarize symmetric table then to trailing true union unique unpivot " +
    "using variadic when where window with"
  ).split(" "),
);
/** Words between operands, which are no names there though they could be. Source: the same, other categories. */
const between = new Set("between by filter ilike is isnull join like notnull over similar".split(" "));

export function isKeyword(name: string): boolean {
  return reserved.has(name.toLowerCase()) || between.has(name.toLowerCase());
}
