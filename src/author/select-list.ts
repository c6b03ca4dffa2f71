import { isKeyword, type SqlToken, sqlTokens } from "./sql-tokens.ts";

/** What one item of a select list is, as far as its text says. */
export type SelectItem = {
  /** Undefined where DuckDB makes a name of the expression's text. */
  name: string | undefined;
  expression:
    | { kind: "star" }
    | { kind: "name"; parts: readonly string[] }
    | { kind: "call"; name: string }
    | { kind: "other" };
};

/** The items between the first SELECT of a statement and its FROM. */
export function selectList(sql: string): SelectItem[] {
  const tokens = sqlTokens(sql).filter(({ kind }) => kind !== "comment");
  const select = tokens.findIndex((token) => isWord(token, "select"));
  if (select < 0) return [];
  const first = tokens[select + 1];
  const items: SqlToken[][] = [[]];
  let depth = 0;
  for (const token of tokens.slice(select + (first && isWord(first, "distinct") ? 2 : 1))) {
    if (token.kind === "symbol" && /^[([{]$/.test(token.text)) depth++;
    if (token.kind === "symbol" && /^[)\]}]$/.test(token.text)) depth--;
    if (depth < 0 || (depth === 0 && (isWord(token, "from") || token.text === ";"))) break;
    if (depth === 0 && token.kind === "symbol" && token.text === ",") items.push([]);
    else items.at(-1)?.push(token);
  }
  return items.filter((item) => item.length > 0).map(itemOf);
}

function itemOf(tokens: readonly SqlToken[]): SelectItem {
  const [first, second] = tokens;
  const before = tokens.at(-2);
  const last = tokens.at(-1);
  if (first?.kind === "name" && second?.kind === "symbol" && second.text === ":") {
    return { name: first.text, expression: expressionOf(tokens.slice(2)) };
  }
  if (last?.kind === "name" && before && isWord(before, "as")) {
    return { name: last.text, expression: expressionOf(tokens.slice(0, -2)) };
  }
  if (last?.kind === "name" && !isKeyword(last.text) && before && endsOperand(before)) {
    return { name: last.text, expression: expressionOf(tokens.slice(0, -1)) };
  }
  const expression = expressionOf(tokens);
  return { name: expression.kind === "name" ? expression.parts.at(-1) : undefined, expression };
}

/** A name behind it is an alias. */
function endsOperand({ kind, text }: SqlToken): boolean {
  switch (kind) {
    case "name":
      return !isKeyword(text) || /^(?:end|null|true|false)$/i.test(text);
    case "symbol":
      return /^[)\]}]$/.test(text);
    case "text":
    case "number":
      return true;
    case "comment":
      return false;
  }
}

function expressionOf(tokens: readonly SqlToken[]): SelectItem["expression"] {
  const [first, second] = tokens;
  if (tokens.some(({ kind, text }, index) => kind === "symbol" && text === "*" && index < 3) && isStar(tokens)) {
    return { kind: "star" };
  }
  const isPath =
    tokens.length % 2 === 1 && tokens.every(({ kind, text }, at) => (at % 2 ? text === "." : kind === "name"));
  if (isPath) return { kind: "name", parts: tokens.filter((_, at) => at % 2 === 0).map(({ text }) => text) };
  if (first?.kind === "name" && second?.text === "(" && second.kind === "symbol" && closesAtEnd(tokens)) {
    return { kind: "call", name: first.text };
  }
  return { kind: "other" };
}

/** `*`, `input.*`, either with EXCLUDE or REPLACE behind it. */
function isStar([first, second, third]: readonly SqlToken[]): boolean {
  return first?.text === "*" || (first?.kind === "name" && second?.text === "." && third?.text === "*");
}

/** The bracket of the second token is closed by the last one. */
function closesAtEnd(tokens: readonly SqlToken[]): boolean {
  let depth = 0;
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind !== "symbol") continue;
    if (text === "(") depth++;
    if (text === ")" && --depth === 0) return at === tokens.length - 1;
  }
  return false;
}

function isWord({ kind, text }: SqlToken, word: string): boolean {
  return kind === "name" && text.toLowerCase() === word;
}
