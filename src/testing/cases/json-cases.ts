import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import * as z from "zod";
import { UdfError } from "../../core/error.ts";
import { jsonSchema, spaced } from "../values/notation.ts";
import { type Case, type CaseArguments, isInOrder, Titles } from "./case.ts";
import { exactJson, withoutMark } from "./exact-json.ts";
import { Lines } from "./lines.ts";

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
    .describe(
      "A value for each argument, in order or by name; those with a default may be left out. Of a batch function and of an aggregate a list of values: a column.",
    ),
  expected: jsonSchema
    .optional()
    .describe(
      'The result, of a batch function a list with a value for each row. "native-udf test --update" writes it.',
    ),
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

/** The cases of a file. Throws TEST_INVALID with the line. */
export function jsonCasesIn(given: string, file: string): Case[] {
  const text = withoutMark(given);
  const lines = new Lines(text);
  const invalid = (what: string, offset: number) =>
    new UdfError("TEST_INVALID", { what, where: `${file}:${lines.at(offset)}`, next: "Correct the file." });
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  const [error] = text.trim() === "" ? [] : errors;
  if (error) throw invalid(`it is not valid JSON (${printParseErrorCode(error.error)})`, error.offset);
  if (!root) throw invalid("it is empty", 0);
  const json = exactJson(root, text);
  const isList = Array.isArray(json);
  const parsed = z.array(groupSchema).safeParse(isList ? json : [json]);
  if (!parsed.success) {
    const { path: found = [], message = "" } = parsed.error.issues[0] ?? {};
    const keys = found.filter((key) => typeof key !== "symbol").slice(isList ? 0 : 1);
    const name = keys.length > 0 ? `${keys.join(".")}: ` : "";
    throw invalid(`${name}${message}`, nearest(root, keys).offset);
  }
  const groups = parsed.data;
  const titles = new Titles();
  return groups.flatMap((group, at) =>
    group.cases.map((each, index) => {
      const place = [...(isList ? [at] : []), "cases", index];
      const node = findNodeAtLocation(root, place);
      const first = node?.offset ?? 0;
      return {
        function: group.function,
        title: titles.unique(group.function, each.name ?? argumentsText(each.arguments)),
        notation: "json" as const,
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

/** The node at a path, or the last one on the way that there is. */
function nearest(root: Node, keys: (string | number)[]): Node {
  return findNodeAtLocation(root, keys) ?? (keys.length === 0 ? root : nearest(root, keys.slice(0, -1)));
}

function argumentsText(given: CaseArguments): string {
  if (isInOrder(given)) return `(${given.map(spaced).join(", ")})`;
  const named = Object.entries(given).map(([name, value]) => `${name}: ${spaced(value)}`);
  return `(${named.join(", ")})`;
}
