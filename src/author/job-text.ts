import { type ScriptToken, scriptTokens, type TextToken } from "./script-tokens.ts";
import { type Span, touches } from "./span.ts";

/** One of the SQL statements of a job file. */
export type SqlText = {
  field: "map" | "reduce";
  /** In the file. */
  span: Span;
  /** As long as `span`: what is not SQL (escapes, `${…}`, the quotes between two pieces) is blanks. */
  sql: string;
  /** The strings that it is made of. */
  pieces: readonly { span: Span; quote: TextToken["quote"] }[];
};

/** What a job file says by itself, read without running it. */
export type JobText = {
  /** Where the job's object begins. */
  start: number;
  modules: readonly string[];
  input: string | undefined;
  format: string | undefined;
  texts: readonly SqlText[];
};

type Properties = ReadonlyMap<string, readonly ScriptToken[]>;

/** The job of a `*.job.ts`; undefined where no object in it has the fields of one. */
export function readJobText(source: string): JobText | undefined {
  const tokens = scriptTokens(source);
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "symbol" || token.text !== "{") continue;
    const properties = propertiesOf(tokens, index + 1);
    if (!properties.has("map") || !["modules", "input", "output"].some((key) => properties.has(key))) continue;
    const input = objectIn(properties.get("input"));
    return {
      start: token.start,
      modules: (properties.get("modules") ?? []).flatMap((each) => (each.kind === "text" ? [each.value] : [])),
      input: valueIn(tokens, input.get("path")),
      format: valueIn(tokens, input.get("format")),
      texts: (["map", "reduce"] as const).flatMap((field) => {
        const texts = textsOf(tokens, properties.get(field));
        return texts.length > 0 ? [sqlText(field, texts)] : [];
      }),
    };
  }
  return undefined;
}

/** The statement that the character at `offset` of the file belongs to, and the quote that it is written in. */
export function sqlAt(job: JobText, offset: number): { text: SqlText; quote: TextToken["quote"] } | undefined {
  for (const text of job.texts) {
    const piece = text.pieces.find(({ span }) => touches(span, offset));
    if (piece) return { text, quote: piece.quote };
  }
  return undefined;
}

const opening = /^[([{]$/;
const closing = /^[)\]}]$/;

/** The fields of the object whose first token is at `index`, each with the tokens of its value. */
function propertiesOf(tokens: readonly ScriptToken[], index: number): Properties {
  const properties = new Map<string, ScriptToken[]>();
  let value: ScriptToken[] | undefined;
  let isStart = true;
  let depth = 0;
  for (let at = index; at < tokens.length; at++) {
    const token = tokens[at];
    if (!token) break;
    const symbol = token.kind === "symbol" ? token.text : "";
    if (depth === 0 && symbol === "}") break;
    if (depth === 0 && symbol === ",") {
      value = undefined;
      isStart = true;
      continue;
    }
    if (opening.test(symbol)) depth++;
    if (closing.test(symbol)) depth--;
    if (!isStart) {
      value?.push(token);
      continue;
    }
    isStart = false;
    const key = token.kind === "name" ? token.text : token.kind === "text" ? token.value : undefined;
    const next = tokens[at + 1];
    const after = next?.kind === "symbol" ? next.text : "";
    if (key === undefined || !/^[:,}]$/.test(after)) continue;
    value = after === ":" ? [] : [token]; // `map,` is the variable of that name
    properties.set(key, value);
    if (after === ":") at++;
  }
  return properties;
}

function objectIn(value: readonly ScriptToken[] | undefined): Properties {
  const [first] = value ?? [];
  const isObject = first?.kind === "symbol" && first.text === "{";
  return isObject && value ? propertiesOf(value, 1) : new Map();
}

function valueIn(tokens: readonly ScriptToken[], value: readonly ScriptToken[] | undefined): string | undefined {
  const texts = textsOf(tokens, value);
  return texts.length > 0 ? texts.map((text) => text.value).join("") : undefined;
}

/** The strings of `"…" + "…"`, of a template with or without a tag, or of the variable that is named. */
function textsOf(tokens: readonly ScriptToken[], value: readonly ScriptToken[] = []): TextToken[] {
  const direct = leadingTexts(value);
  const [only] = value;
  if (direct.length > 0 || value.length !== 1 || only?.kind !== "name") return direct;
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "name" || !/^(?:const|let|var)$/.test(token.text)) continue;
    const variable = tokens[index + 1];
    if (variable?.kind !== "name" || variable.text !== only.text) continue;
    const equals = tokens.findIndex((each, at) => at > index && each.kind === "symbol" && each.text === "=");
    return equals < 0 ? [] : leadingTexts(tokens.slice(equals + 1));
  }
  return [];
}

function leadingTexts(value: readonly ScriptToken[]): TextToken[] {
  const texts: TextToken[] = [];
  let mayFollow = true;
  for (const token of value) {
    const symbol = token.kind === "symbol" ? token.text : "";
    if (token.kind === "text" && mayFollow) {
      texts.push(token);
      mayFollow = false;
    } else if (symbol === "+" && !mayFollow) mayFollow = true;
    else if (texts.length > 0 || (token.kind !== "name" && symbol !== ".")) break; // not a template's tag
  }
  return texts;
}

function sqlText(field: SqlText["field"], texts: readonly TextToken[]): SqlText {
  const start = texts[0]?.inner.start ?? 0;
  let sql = "";
  for (const { inner, masked } of texts) sql = sql.padEnd(inner.start - start) + masked;
  const pieces = texts.map(({ inner, quote }) => ({ span: inner, quote }));
  return { field, span: { start, end: start + sql.length }, sql, pieces };
}
