import { readFileSync } from "node:fs";
import path from "node:path";
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import * as z from "zod";
import { UdfError } from "../../core/error.ts";
import { type Json, jsonSchema, spaced } from "../values/notation.ts";

export const caseFileEnding = ".cases.json";

const tolerance = z
  .number()
  .nonnegative()
  .optional()
  .describe(
    "How far a float or double of the result may be from what is expected. Without it the bits must be the same.",
  );

const caseSchema = z.strictObject({
  name: z.string().min(1).optional().describe("What the case shows; its arguments where it has none."),
  arguments: z
    .union([z.array(jsonSchema), z.record(z.string(), jsonSchema)])
    .describe("A value for each argument, in order or by name; those with a default may be left out."),
  expected: jsonSchema.optional().describe('The result. "native-udf test --update" writes it.'),
  error: z.string().optional().describe("Instead of a result: a part of the message of the error that the row gives."),
  tolerance,
});

const groupSchema = z.strictObject({
  $schema: z.string().optional().describe("Where an editor finds this schema; native-udf does not read it."),
  function: z.string().describe("The function's name, as it is registered."),
  tolerance,
  cases: z.array(caseSchema).describe("Rows, and what the function gives for them."),
});

/** A file of cases: of one function, or of several. */
export const caseFileSchema = z.union([groupSchema, z.array(groupSchema)]);

export type CaseArguments = readonly Json[] | Readonly<Record<string, Json>>;

/** One row, and what the function should give for it. */
export type Case = {
  function: string;
  /** Unique among the cases of the function in its file. */
  title: string;
  arguments: CaseArguments;
  expected: Json | undefined;
  error: string | undefined;
  tolerance: number | undefined;
  /** Lines from 1. */
  line: number;
  lastLine: number;
  /** Where it lies in the file. */
  place: (string | number)[];
};

export type CaseFile = { file: string; text: string; cases: Case[] };

/** The cases of a file, which is named from `root`. Throws TEST_INVALID with the line, FILE_UNUSABLE. */
export function readCaseFile(root: string, file: string): CaseFile {
  const text = readFileSync(path.join(root, file), "utf8");
  return { file, text, cases: casesIn(text, file) };
}

/** Throws TEST_INVALID. */
export function casesIn(text: string, file: string): Case[] {
  const lines = new Lines(text);
  const invalid = (what: string, offset: number) =>
    new UdfError("TEST_INVALID", { what, where: `${file}:${lines.at(offset)}`, next: "Correct the file." });
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  const [error] = errors;
  if (error) throw invalid(`it is not valid JSON (${printParseErrorCode(error.error)})`, error.offset);
  if (!root) throw invalid("it is empty", 0);
  const json = exact(root, text);
  const isList = Array.isArray(json);
  const parsed = z.array(groupSchema).safeParse(isList ? json : [json]);
  if (!parsed.success) {
    const { path: found = [], message = "" } = parsed.error.issues[0] ?? {};
    const keys = found.filter((key) => typeof key !== "symbol").slice(isList ? 0 : 1);
    const name = keys.length > 0 ? `${keys.join(".")}: ` : "";
    throw invalid(`${name}${message}`, nearest(root, keys).offset);
  }
  const groups = parsed.data;
  const titles = new Set<string>();
  return groups.flatMap((group, at) =>
    group.cases.map((each, index) => {
      const place = [...(isList ? [at] : []), "cases", index];
      const node = findNodeAtLocation(root, place);
      const first = node?.offset ?? 0;
      return {
        function: group.function,
        title: uniqueTitle(titles, group.function, each.name ?? argumentsText(each.arguments)),
        arguments: each.arguments,
        expected: each.expected,
        error: each.error,
        tolerance: each.tolerance ?? group.tolerance,
        line: lines.at(first),
        lastLine: lines.at(first + (node?.length ?? 0)),
        place,
      };
    }),
  );
}

/** JSON with exact integers: the tree has the text of each number. */
function exact(node: Node, text: string): Json {
  const { type, children = [] } = node;
  if (type === "array") return children.map((child) => exact(child, text));
  if (type === "object") {
    const fields = children.flatMap(({ children: pair = [] }) => {
      const [name, value] = pair;
      return name && value ? [[String(name.value), exact(value, text)] as const] : [];
    });
    return Object.fromEntries(fields);
  }
  const written = text.slice(node.offset, node.offset + node.length);
  if (type === "number" && /^-?\d+$/.test(written) && !Number.isSafeInteger(Number(written))) return BigInt(written);
  return jsonSchema.parse(node.value);
}

/** The node at a path, or the last one on the way that there is. */
function nearest(root: Node, keys: (string | number)[]): Node {
  return findNodeAtLocation(root, keys) ?? (keys.length === 0 ? root : nearest(root, keys.slice(0, -1)));
}

function argumentsText(given: CaseArguments): string {
  if (isInOrder(given)) return `(${given.map(spaced).join(", ")})`;
  const named = Object.entries(given).map(([name, value]) => `${name}: ${spaced(value)}`);
  return `(${named.join(", ")})`;
}

/** `Array.isArray` takes arrays that are read only for something else. */
export function isInOrder(given: CaseArguments): given is readonly Json[] {
  return Array.isArray(given);
}

/** The title, with a number where the function has it already; `titles` remembers. */
function uniqueTitle(titles: Set<string>, name: string, title: string): string {
  for (let count = 1; ; count++) {
    const unique = count === 1 ? title : `${title} #${count}`;
    if (titles.has(`${name} ${unique}`)) continue;
    titles.add(`${name} ${unique}`);
    return unique;
  }
}

/** Lines, from 1, of places in a text. */
class Lines {
  readonly #ends: number[];

  constructor(text: string) {
    this.#ends = [...text.matchAll(/\n/g)].map(({ index }) => index);
  }

  at(offset: number): number {
    return this.#ends.filter((end) => end < offset).length + 1;
  }
}
