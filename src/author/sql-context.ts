import { type Span, touches } from "./span.ts";
import { isKeyword, type SqlToken, sqlTokens } from "./sql-tokens.ts";

/** A call of a function around a place. */
export type Call = {
  name: string;
  /** Where the name is. */
  span: Span;
  /** Which argument the place is in, from 0. */
  argument: number;
};

/** What stands before a dot: the parts of a name, or a call. */
export type Owner = { kind: "name"; parts: readonly string[] } | { kind: "call"; name: string };

/**
 * What may be written at a place of a statement. `word` is the word that is there already. `other` is where no name of a
 * value can be: behind an operand, a number, `AS`.
 */
export type SqlContext =
  | { kind: "text" }
  | { kind: "comment" }
  /** `isColumn`: it is of a SELECT's list, and in no call. */
  | { kind: "expression"; word: Span; call: Call | undefined; isColumn: boolean }
  | { kind: "field"; word: Span; owner: Owner; call: Call | undefined }
  | { kind: "table"; word: Span }
  | { kind: "other"; call: Call | undefined };

export function sqlContext(sql: string, offset: number): SqlContext {
  const all = sqlTokens(sql);
  const around = all.find(({ start, end, isOpen }) => start < offset && (offset < end || (isOpen && offset === end)));
  if (around?.kind === "text" || around?.kind === "comment") return { kind: around.kind };
  const tokens = all.filter(({ kind }) => kind !== "comment");
  const under = tokens.find((token) => token.kind === "name" && touches(token, offset));
  const word = under ? { start: under.start, end: under.end } : { start: offset, end: offset };
  const before = tokens.filter(({ end }) => end <= word.start);
  const call = callAround(before);
  const last = before.at(-1);
  if (last?.text === "." && last.kind === "symbol") {
    const owner = ownerOf(before.slice(0, -1));
    return owner ? { kind: "field", word, owner, call } : { kind: "other", call };
  }
  if (!last) return { kind: "other", call };
  if (last.kind === "name" && isWord(last, /^(?:from|join|into)$/)) return { kind: "table", word };
  if (!expectsOperand(last, before.at(-2))) return { kind: "other", call };
  return { kind: "expression", word, call, isColumn: call === undefined && isInSelectList(before) };
}

function isInSelectList(before: readonly SqlToken[]): boolean {
  const clause = before.findLast((token) => isWord(token, /^(?:select|from|where|group|having|qualify|order|limit)$/));
  return clause !== undefined && isWord(clause, /^select$/);
}

/** The name at a place, with what it belongs to: is it called, and is it a field? */
export function nameAt(sql: string, offset: number): { name: string; span: Span; isCall: boolean } | undefined {
  const tokens = sqlTokens(sql).filter(({ kind }) => kind !== "comment");
  const index = tokens.findIndex((token) => token.kind === "name" && touches(token, offset));
  const token = tokens[index];
  if (!token || tokens[index - 1]?.text === ".") return undefined;
  const next = tokens[index + 1];
  const span = { start: token.start, end: token.end };
  return { name: token.text, span, isCall: next?.kind === "symbol" && next.text === "(" && !isKeyword(token.text) };
}

/** The names of functions that a statement calls, with their places. */
export function callsIn(sql: string): { name: string; span: Span }[] {
  const tokens = sqlTokens(sql).filter(({ kind }) => kind !== "comment");
  return tokens.flatMap((token, index) => {
    const next = tokens[index + 1];
    const isCall = token.kind === "name" && next?.kind === "symbol" && next.text === "(" && !isKeyword(token.text);
    return isCall ? [{ name: token.text, span: { start: token.start, end: token.end } }] : [];
  });
}

function isWord({ kind, text }: SqlToken, words: RegExp): boolean {
  return kind === "name" && words.test(text.toLowerCase());
}

/** True where a value must follow. */
function expectsOperand(last: SqlToken, before: SqlToken | undefined): boolean {
  switch (last.kind) {
    case "name":
      return isKeyword(last.text) && !isWord(last, /^(?:as|end|null|true|false|asc|desc|limit|offset|isnull|notnull)$/);
    case "symbol":
      if (last.text === "*") return before !== undefined && !isStart(before);
      return !/^(?:\)|\]|\}|::|;|\.)$/.test(last.text);
    case "number":
    case "text":
    case "comment":
      return false;
  }
}

/** A star behind it stands for all columns. */
function isStart(token: SqlToken): boolean {
  return isWord(token, /^(?:select|distinct|all)$/) || (token.kind === "symbol" && /^[,(.]$/.test(token.text));
}

function callAround(tokens: readonly SqlToken[]): Call | undefined {
  const open: { call: { name: string; span: Span } | undefined; argument: number }[] = [];
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind !== "symbol") continue;
    const before = tokens[index - 1];
    const isCall = text === "(" && before?.kind === "name" && !isKeyword(before.text);
    if (isCall) open.push({ call: { name: before.text, span: { start: before.start, end: before.end } }, argument: 0 });
    else if (/^[([{]$/.test(text)) open.push({ call: undefined, argument: 0 });
    else if (/^[)\]}]$/.test(text)) open.pop();
    const innermost = open.at(-1);
    if (text === "," && innermost) innermost.argument++;
  }
  const innermost = open.findLast(({ call }) => call !== undefined);
  return innermost?.call ? { ...innermost.call, argument: innermost.argument } : undefined;
}

function ownerOf(tokens: readonly SqlToken[]): Owner | undefined {
  const last = tokens.at(-1);
  if (last?.kind === "symbol" && last.text === ")") {
    const name = tokens[openingOf(tokens) - 1];
    return name?.kind === "name" && !isKeyword(name.text) ? { kind: "call", name: name.text } : undefined;
  }
  const parts: string[] = [];
  for (let at = tokens.length - 1; at >= 0; at -= 2) {
    const part = tokens[at];
    if (part?.kind !== "name") break;
    parts.unshift(part.text);
    if (tokens[at - 1]?.text !== ".") break;
  }
  return parts.length > 0 ? { kind: "name", parts } : undefined;
}

/** The index of the bracket that the last token closes. */
function openingOf(tokens: readonly SqlToken[]): number {
  let depth = 0;
  for (let at = tokens.length - 1; at >= 0; at--) {
    const token = tokens[at];
    if (token?.kind !== "symbol") continue;
    if (token.text === ")") depth++;
    if (token.text === "(" && --depth === 0) return at;
  }
  return -1;
}
