import type { NativePlace } from "./native-lines.ts";

/** A call as a log names it: `file` is the path on the machine that it ran on. */
export type RawFrame = { file: string; line: number; function: string | null };

/**
 * How sure it is that a failure ended the job, in rising order: it happened and may have been borne; a task failed; the
 * driver met it; the scheduler gave up for it; the driver ended with it.
 */
export const weights = { noise: 0, seen: 10, task: 20, driver: 30, abort: 40, final: 50 } as const;
export type Weight = (typeof weights)[keyof typeof weights];

/** One failure as it was found in a log. */
export type Failure = {
  kind: "python" | "java" | "crash";
  /** Whether the author's function or the script that drives the job was at work. */
  side: "worker" | "driver";
  /** The name without its package; null where the log tells none. */
  type: string | null;
  message: string;
  /** Outermost first, libraries' among them. */
  frames: readonly RawFrame[];
  weight: Weight;
  /** Whether a task failed of it, as another log line says. */
  inTask?: boolean;
  /** What was raised before and led to it (`raise … from`, or in a handler). */
  cause?: Failure | undefined;
  /** The line of the script that the failing part of the query was written at, where Spark names it. */
  site?: RawFrame;
  /** The first two characters of the SQLSTATE. */
  state?: string | undefined;
  /** Whether it was raised from another one that the log does not have. */
  lacksCause?: boolean;
  /** Where in the query's text it is. */
  position?: string | undefined;
  /** The values of the innermost calls, where tracebacks have them. */
  locals?: readonly string[];
  /** Where the module's function was, where it is one of native-udf's. */
  native?: NativePlace | undefined;
  /** More of the tool's words, as a C++ exception's `what()`. */
  detail?: string | undefined;
};

/** The last part of a dotted name: `ValueError` of `builtins.ValueError`. */
export function shortName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf("."), name.lastIndexOf("$")) + 1) || name;
}

/** Where in the text of a query it is, as people count: `line 3, column 12`. */
export function positionIn(text: string): string | undefined {
  const [, line, position] = /\bline (\d+),? pos (\d+)\)?[;\s]*$/.exec(text) ?? [];
  return line === undefined ? undefined : `line ${line}, column ${Number(position) + 1}`;
}

/** The class of Spark's error condition: `42` is a query that cannot be run, `22` a value that it cannot work on. */
export function stateIn(text: string): string | undefined {
  return /SQLSTATE: (\w\w)\w{3}\b/.exec(text)?.[1];
}

/** More of a message is data, which nobody reads and every pattern would search. */
const longestMessage = 2000;

/** The first 2,000 characters of a message, and `…` where there are more. */
export function cutMessage(text: string): string {
  if (text.length <= longestMessage) return text;
  return `${text.slice(0, longestMessage).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** A failure's message as one line: its first 2,000 characters, without the code that Spark adds at the end of it. */
export function cleanMessage(text: string): string {
  return cutMessage(text.trim())
    .replace(/(?<!\s)\s*SQLSTATE: \w{5}\b(?:;? ?\(?line \d+,? pos \d+\)?)?;?/, "")
    .replace(/(?<![;\s])[;\s]+$/, "")
    .trim();
}
