import { type Node, type ParseError, parseTree } from "jsonc-parser";
import { type Json, jsonSchema } from "../values/notation.ts";

/** A text that is JSON and nothing else; undefined where it is not. */
export function parseExactJson(text: string): Json | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  return root && errors.length === 0 ? exactJson(root, text) : undefined;
}

/** A text with a blank in place of the mark that some editors write at the begin of a file: JSON has none. */
export function withoutMark(text: string): string {
  return text.startsWith("\ufeff") ? ` ${text.slice(1)}` : text;
}

/** JSON with exact integers: the tree has the text of each number. */
export function exactJson(node: Node, text: string): Json {
  const { type, children = [] } = node;
  if (type === "array") return children.map((child) => exactJson(child, text));
  if (type === "object") {
    const fields = children.flatMap(({ children: pair = [] }) => {
      const [name, value] = pair;
      return name && value ? [[String(name.value), exactJson(value, text)] as const] : [];
    });
    return Object.fromEntries(fields);
  }
  const written = text.slice(node.offset, node.offset + node.length);
  if (type === "number" && /^-?\d+$/.test(written) && !Number.isSafeInteger(Number(written))) return BigInt(written);
  return jsonSchema.parse(node.value);
}
