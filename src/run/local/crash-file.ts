import { readFileSync } from "node:fs";
import * as z from "zod";
import { type Trace, traceSchema } from "../traced-error.ts";

/** A line that an artifact writes when it crashes, or ends the process; see docs/architecture.md, "The artifact's doors". */
const lineSchema = traceSchema.extend({
  signal: z.number().int().optional(),
  /** The code that its code called exit() with. */
  exit: z.number().int().optional(),
  /** Absent where the crash was in no function's call, as in the constructor of a class. */
  function: z.string().optional(),
  rows: z.number().int().optional(),
  /** In the batch, from 0; absent where the compiler has left no trace of it. */
  row: z.number().int().optional(),
  /** Of the function's earlier batches since it was watched. */
  rowsBefore: z.number().int().optional(),
  /** In words; absent for a process that was asked where it is. */
  cause: z.string().optional(),
});

/** Where a worker's code was, in the words of `lineSchema`. */
export type CrashPlace = {
  trace: Trace;
  /** The code that it called exit() with; undefined where it crashed. */
  exit?: number | undefined;
  function?: string | undefined;
  rows?: number | undefined;
  row?: number | undefined;
  rowsBefore?: number | undefined;
  cause?: string | undefined;
};

/** What a crash left in the worker's file; undefined where nothing was written. */
export function readCrashFile(file: string): CrashPlace | undefined {
  // the last line has the most; it is cut off where the memory was too broken to go on
  for (const line of linesOf(file).reverse()) {
    const told = lineSchema.safeParse(parsed(line));
    if (!told.success) continue;
    const { module, frames, signal: _, ...place } = told.data;
    return { trace: { module, frames }, ...place };
  }
  return undefined;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return []; // it died before it was told to watch
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
