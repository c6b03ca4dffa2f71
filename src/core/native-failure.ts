import * as z from "zod";

/*
 * What the stub's code in an executor's Python worker, and the artifact's own handler of crashes, say of a failure in a
 * line of JSON: Spark pastes it into the exception that the driver gets.
 */

const place = { module: z.string(), function: z.string().optional(), frames: z.array(z.number()).default([]) };
const artifact = z.string().optional();
const count = z.number().int().nonnegative();

/** A function threw. `row` is counted over the task's partition. */
const rowErrorSchema = z.object({
  kind: z.literal("row-error"),
  ...place,
  artifact,
  row: count.nullish(),
  partition: count.nullish(),
  stage: count.nullish(),
});

/** A function took longer than the time limit. */
const timeoutSchema = z.object({
  kind: z.literal("timeout"),
  module: z.string().optional(),
  function: z.string().optional(),
  seconds: z.number().optional(),
  artifact,
  partition: count.nullish(),
  stage: count.nullish(),
});

/** Which task the lines around it belong to. */
const taskSchema = z.object({
  kind: z.literal("task"),
  partition: count.nullish(),
  stage: count.nullish(),
  artifact,
});

const toldSchema = z.discriminatedUnion("kind", [rowErrorSchema, timeoutSchema, taskSchema]);

/** What the artifact's handler wrote when the process crashed, or was asked where it is (then without a cause). */
const crashSchema = z.object({
  ...place,
  signal: z.number().int().optional(),
  cause: z.string().optional(),
  rows: count.optional(),
  row: z.number().int().optional(),
  rowsBefore: count.optional(),
});

export type RowErrorTold = z.infer<typeof rowErrorSchema>;
export type TimeoutTold = z.infer<typeof timeoutSchema>;
export type CrashTold = z.infer<typeof crashSchema>;

/** What a failure's text tells of native code; the last line of each kind counts. */
export type Told = {
  rowError?: RowErrorTold;
  timeout?: TimeoutTold;
  crash?: CrashTold;
  task?: z.infer<typeof taskSchema>;
};

const mark = "native-udf: ";
const handlersBeginning = '{"module":';

export function readTold(text: string): Told {
  const told: Told = {};
  for (const line of text.split("\n")) takeTold(told, line);
  return told;
}

/** Adds what a line tells; false where it tells nothing. */
export function takeTold(told: Told, line: string): boolean {
  if (!line.includes('{"')) return false;
  const ours = toldSchema.safeParse(json(objectIn(line, `${mark}{`, mark.length))).data;
  const crash = ours ? undefined : handlersCrash(line);
  if (ours?.kind === "row-error") told.rowError = ours;
  else if (ours?.kind === "timeout") told.timeout = ours;
  else if (ours?.kind === "task") told.task = ours;
  else if (crash) told.crash = crash;
  else return false;
  return true;
}

function handlersCrash(line: string): CrashTold | undefined {
  if (!line.includes('"frames":[') && !line.includes('"signal":')) return undefined;
  return crashSchema.safeParse(json(objectIn(line, handlersBeginning, 0))).data;
}

/** From where a text begins in a line, less so many characters, to the last brace. */
function objectIn(line: string, beginning: string, less: number): string | undefined {
  const first = line.indexOf(beginning);
  return first < 0 ? undefined : line.slice(first + less, line.lastIndexOf("}") + 1);
}

function json(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // cut off, as logs do
  }
}
