import { functionKinds } from "../core/manifest.ts";
import { type CppToken, cppTokens } from "./cpp-tokens.ts";
import type { Span } from "./span.ts";

/** A function that a source registers. */
export type Registration = {
  name: string;
  /** The name in the source, with its quotes. */
  span: Span;
  /** Where `m.row<…>(` begins. */
  start: number;
};

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/**
 * Where a C++ source registers functions: `m.row<…>("name", …)`, or of another kind, with `m` of a `UDF_MODULE(…, m)` or of a parameter
 * `udf::Module& m`. What cannot be read is left out.
 */
export function findRegistrations(source: string): Registration[] {
  const tokens = cppTokens(source);
  const variables = moduleVariables(tokens);
  const found: Registration[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "name" || !variables.has(token.text) || tokens[index - 1]?.text === ".") continue;
    if (!functionKinds.some((kind) => follow(tokens, index + 1, [".", kind, "<"]))) continue;
    const arguments_ = afterAngle(tokens, index + 4);
    if (!follow(tokens, arguments_, ["("])) continue;
    const texts = textsAt(tokens, arguments_ + 1);
    const [first] = texts;
    const last = texts.at(-1);
    if (!first || !last) continue;
    const name = texts.map(({ text }) => text).join("");
    found.push({ name, span: { start: first.start, end: last.end }, start: token.start });
  }
  return found;
}

function moduleVariables(tokens: readonly CppToken[]): Set<string> {
  const names = new Set<string>();
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind !== "name") continue;
    const macro = text === "UDF_MODULE" && follow(tokens, index + 1, ["("]) && tokens[index + 3]?.text === ",";
    const parameter = text === "Module" && follow(tokens, index + 1, ["&"]);
    const variable = macro ? tokens[index + 4] : parameter ? tokens[index + 2] : undefined;
    if (variable?.kind === "name") names.add(variable.text);
  }
  return names;
}

function follow(tokens: readonly CppToken[], index: number, texts: readonly string[]): boolean {
  return texts.every((text, offset) => {
    const token = tokens[index + offset];
    return token?.text === text && token.kind !== "text";
  });
}

/** What is longer is not closed. */
const longestArguments = 200;

/** The index behind the `>` of a `<` whose first argument is at `index`; in brackets they are operators. */
function afterAngle(tokens: readonly CppToken[], index: number): number {
  const open: string[] = [">"];
  let at = index;
  for (; open.length > 0; at++) {
    if (at >= tokens.length || at - index > longestArguments) return tokens.length;
    const { kind, text } = tokens[at] ?? { kind: "symbol", text: "" };
    if (kind !== "symbol") continue;
    const end = closing[text];
    if (end !== undefined) open.push(end);
    else if (text === open.at(-1)) open.pop();
    else if (text === "<" && open.at(-1) === ">") open.push(">");
    else if (text === ";" && open.at(-1) !== "}") return tokens.length; // it is still being written
  }
  return at;
}

/** Strings that stand side by side are one. */
function textsAt(tokens: readonly CppToken[], index: number): CppToken[] {
  const texts: CppToken[] = [];
  for (let token = tokens[index]; token?.kind === "text"; token = tokens[index + texts.length]) texts.push(token);
  return texts;
}
