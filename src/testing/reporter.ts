import { resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import * as z from "zod";
import type { TestEvent } from "./test-events.ts";

/*
 * The program that tests are reported by: `node --test-reporter=…`. It writes each test that has ended as one line of
 * JSON. Source: Node's documentation, "Test runner", "Custom reporters" and "Class: TestsStream".
 */

const eventSchema = z.object({
  type: z.enum(["test:start", "test:pass", "test:fail"]),
  data: z.object({
    name: z.string(),
    nesting: z.number().int(),
    skip: z.union([z.boolean(), z.string()]).optional(),
    todo: z.union([z.boolean(), z.string()]).optional(),
    file: z.string().optional(),
    details: z
      .object({
        duration_ms: z.number(),
        type: z.string().optional(),
        error: z.unknown().optional(),
      })
      .optional(),
  }),
});
type Event = z.infer<typeof eventSchema>;

/** Pairs of a bundle and the author's file, from the module's folder, where this process runs. */
const pairs = z.array(z.tuple([z.string(), z.string()])).parse(JSON.parse(process.env.NATIVE_UDF_TEST_FILES ?? "[]"));
/** Node names a file by its bundle, or by what the source map says. */
const sources = new Map(
  pairs.flatMap(
    ([bundle, file]) =>
      [
        [bundle, file],
        [resolve(file), file],
      ] as const,
  ),
);

/** What node:test calls with its events; what it yields is written. */
export default async function* report(source: AsyncIterable<unknown>): AsyncGenerator<string> {
  const around: string[] = [];
  for await (const told of source) {
    const event = eventSchema.safeParse(told).data;
    if (!event) continue;
    const { name, nesting } = event.data;
    if (event.type === "test:start") {
      around[nesting] = name;
      continue;
    }
    const path = [...around.slice(0, nesting), name];
    const line = toLine(event, path);
    if (line) yield `${JSON.stringify(line)}\n`;
  }
}

function toLine({ type, data }: Event, path: string[]): TestEvent | undefined {
  const { details, skip, file = "" } = data;
  const author = sources.get(withoutScheme(file)) ?? sources.get(path[0] ?? "");
  if (author === undefined) return undefined;
  // a file that could not be read, or whose process ended, is told as a test with the file's name
  const own = path.filter((part) => !sources.has(part));
  const error = errorOf(details?.error);
  const outcome = skip === undefined || skip === false ? (type === "test:pass" ? "passed" : "failed") : "skipped";
  if (own.length === 0 && outcome !== "failed") return undefined;
  return {
    ...{ file: author, path: own.length > 0 ? own : [author], outcome },
    seconds: (details?.duration_ms ?? 0) / 1000,
    suite: details?.type === "suite" || error.byChildren,
    ...(outcome === "failed" ? { message: error.message, details: error.details } : {}),
    ...(outcome === "failed" && error.line !== undefined ? { line: error.line } : {}),
  };
}

const errorSchema = z.object({
  failureType: z.string().optional(),
  cause: z.unknown().optional(),
  exitCode: z.unknown().optional(),
  signal: z.unknown().optional(),
});

function errorOf(error: unknown): { message: string; details: string; line?: number; byChildren: boolean } {
  if (error === undefined) return { message: "", details: "", byChildren: false };
  const { failureType, cause, exitCode, signal } = errorSchema.safeParse(error).data ?? {};
  if (typeof signal === "string") {
    const message = `the process of the tests ended with ${signal}`;
    return { message, details: `${message}: a function has crashed`, byChildren: false };
  }
  if (
    typeof exitCode === "number" &&
    exitCode !== 0 &&
    failureType === "testCodeFailure" &&
    !(cause instanceof Error)
  ) {
    const message = `the process of the tests ended with exit code ${exitCode}`;
    return { message, details: message, byChildren: false };
  }
  const reason = cause ?? error;
  const message = reason instanceof Error ? reason.message : String(reason);
  const details = reason instanceof Error ? (reason.stack ?? inspect(reason)) : inspect(reason);
  const line = lineIn(details);
  return { message, details, ...(line === undefined ? {} : { line }), byChildren: failureType === "subtestsFailed" };
}

/** The first line of an author's test file in a stack. */
function lineIn(stack: string): number | undefined {
  for (const row of stack.split("\n")) {
    const match = /((?:file:\/\/)?\/.*?):(\d+):\d+\)?$/.exec(row);
    if (match?.[1] && sources.has(withoutScheme(match[1]))) return Number(match[2]);
  }
  return undefined;
}

function withoutScheme(file: string): string {
  return file.startsWith("file:") ? fileURLToPath(file) : file;
}
