import type { Span } from "./span.ts";

/** A string or template: what is between the quotes, as the program sees it. */
export type TextToken = Span & {
  kind: "text";
  quote: '"' | "'" | "`";
  inner: Span;
  /** As long as `inner`: an escape is its character behind blanks, `${…}` is blanks. */
  masked: string;
  value: string;
};
export type ScriptToken = (Span & { kind: "name" | "symbol" | "other"; text: string }) | TextToken;

const skipped = /(?:\s+|\/\/[^\n]*|\/\*(?:[\s\S]*?\*\/|[\s\S]*))+/y;
const name = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const number = /\.?\d[\w.]*/y;
const string = /"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?/y;
const expression = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
const escapes = /\\(?:u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|[\s\S])/g;
/** Behind these words a slash begins a regular expression, and behind other words it divides. */
const beforeExpression = /^(?:return|typeof|case|in|of|void|delete|throw|new|do|else|yield|await)$/;

/**
 * The tokens of a TypeScript source without comments: enough to find the texts of an object, also while it is being
 * written. The TypeScript compiler would do the same in a hundred times the size.
 */
export function scriptTokens(source: string): ScriptToken[] {
  return scan(source, 0, 0).tokens;
}

/** Templates that lie in each other deeper than this are no code of a person. */
const deepest = 50;

/** From `start` to the end or, in a template (`level` of them), to behind the `}` that closes its code. */
function scan(source: string, start: number, level: number): { tokens: ScriptToken[]; end: number } {
  const tokens: ScriptToken[] = [];
  let depth = 0;
  let at = start;
  while (at < source.length) {
    const blank = matchAt(skipped, source, at);
    if (blank > 0) {
      at += blank;
      continue;
    }
    const token = tokenAt(source, at, { before: tokens.at(-1), level });
    if (token.kind === "symbol" && token.text === "{") depth++;
    if (token.kind === "symbol" && token.text === "}" && depth-- === 0 && level > 0) return { tokens, end: token.end };
    tokens.push(token);
    at = token.end;
  }
  return { tokens, end: source.length };
}

type Around = { before: ScriptToken | undefined; level: number };

function tokenAt(source: string, start: number, { before, level }: Around): ScriptToken {
  if (source[start] === "`") return templateAt(source, start, level);
  const text = matchAt(string, source, start);
  if (text > 0) return stringAt(source, { start, end: start + text });
  const forms = [
    ["name", name],
    ["other", number],
    ["other", expression],
  ] as const;
  for (const [kind, form] of forms) {
    if (form === expression && !expressionMayFollow(before)) continue;
    const end = start + matchAt(form, source, start);
    if (end > start) return { kind, start, end, text: source.slice(start, end) };
  }
  return { kind: "symbol", start, end: start + 1, text: source[start] ?? "" };
}

function matchAt(form: RegExp, source: string, at: number): number {
  form.lastIndex = at;
  return form.exec(source)?.[0].length ?? 0;
}

function expressionMayFollow(before: ScriptToken | undefined): boolean {
  if (!before) return true;
  if (before.kind === "name") return beforeExpression.test(before.text);
  return before.kind === "symbol" && !/[)\]}]/.test(before.text);
}

function stringAt(source: string, { start, end }: Span): TextToken {
  const quote = source[start] === "'" ? "'" : '"';
  const isClosed = end - start > 1 && source[end - 1] === quote;
  const inner = { start: start + 1, end: isClosed ? end - 1 : end };
  return textToken(source, { start, end, quote, inner, holes: [] });
}

function templateAt(source: string, start: number, level: number): TextToken {
  const holes: Span[] = [];
  let at = start + 1;
  while (at < source.length && source[at] !== "`") {
    if (source[at] === "\\") at += 2;
    else if (level < deepest && source.startsWith("${", at)) {
      const { end } = scan(source, at + 2, level + 1);
      holes.push({ start: at, end });
      at = end;
    } else at++;
  }
  const innerEnd = Math.min(at, source.length);
  const inner = { start: start + 1, end: innerEnd };
  return textToken(source, { start, end: Math.min(innerEnd + 1, source.length), quote: "`", inner, holes });
}

type TextParts = Omit<TextToken, "kind" | "masked" | "value"> & { holes: readonly Span[] };

function textToken(source: string, { holes, ...parts }: TextParts): TextToken {
  let text = source.slice(parts.inner.start, parts.inner.end);
  for (const { start, end } of holes) {
    const from = start - parts.inner.start;
    text = text.slice(0, from) + " ".repeat(end - start) + text.slice(from + end - start);
  }
  const masked = text.replaceAll(escapes, (escaped) => unescaped(escaped).padStart(escaped.length));
  return { kind: "text", ...parts, masked, value: text.replaceAll(escapes, unescaped) };
}

const letters: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", "0": "\0" };

function unescaped(escaped: string): string {
  const code = /^\\(?:u\{?|x)(?<digits>[0-9a-fA-F]{2,})/.exec(escaped)?.groups?.digits;
  const point = Number.parseInt(code ?? "", 16);
  if (point <= 0x10ffff) return String.fromCodePoint(point);
  const [, character = ""] = escaped;
  if (/[\r\n]/.test(character)) return ""; // a line that goes on
  return letters[character] ?? character;
}
