import type { Span } from "./span.ts";

export type CppToken = Span & { kind: "name" | "text" | "symbol"; text: string };

/*
 * In order: what is left out (blanks, comments, what `#if 0` switches off), raw strings, strings, characters and numbers
 * with their ' marks, names, everything else. One that has no end goes to the end of its line, or of the file. Source: C++20 [lex].
 */
const forms = [
  /(?<skipped>\s+|\/\/(?:\\\r?\n|[^\n])*|\/\*(?:[\s\S]*?\*\/|[\s\S]*)|^[ \t]*#[ \t]*if[ \t]+0\b[\s\S]*?^[ \t]*#[ \t]*(?:endif|else|elif))/,
  /(?:u8|[uUL])?R"(?<mark>[^()\\\s]{0,16})\((?:(?<raw>[\s\S]*?)\)\k<mark>"|[\s\S]*)/,
  /(?:u8|[uUL])?"(?<plain>(?:\\[\s\S]|[^"\\\n])*)"?/,
  /(?<other>(?:u8|[uUL])?'(?:\\[\s\S]|[^'\\\n])*'?|\.?\d(?:'?[\w.])*)/,
  /(?<name>[\p{L}_$][\p{L}\p{N}_$]*)/u,
  /(?<symbol>::|->|[\s\S])/,
];
const token = new RegExp(forms.map(({ source }) => source).join("|"), "gmu");

/** The tokens of a C++ source without comments, characters and numbers; the text of a string is what it holds. */
export function cppTokens(source: string): CppToken[] {
  const tokens: CppToken[] = [];
  for (const match of source.matchAll(token)) {
    const { skipped, other, name, symbol, raw, plain } = match.groups ?? {};
    if (skipped !== undefined || other !== undefined) continue;
    const span = { start: match.index, end: match.index + match[0].length };
    if (name !== undefined) tokens.push({ ...span, kind: "name", text: name });
    else if (symbol !== undefined) tokens.push({ ...span, kind: "symbol", text: symbol });
    else tokens.push({ ...span, kind: "text", text: raw ?? plain ?? "" });
  }
  return tokens;
}
