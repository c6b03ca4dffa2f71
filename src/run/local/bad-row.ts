import { readFileSync, rmSync, writeFileSync } from "node:fs";
import * as z from "zod";
import type { UdfError } from "../../core/error.ts";
import { thousands } from "../../core/thousands.ts";
import { errorAt, traceSchema } from "../traced-error.ts";

/** A row that a function failed at. */
export const badRowSchema = z.object({
  /** In its part, from 0. */
  row: z.number().int().nonnegative(),
  function: z.string(),
  message: z.string(),
  trace: traceSchema,
});
export type BadRow = z.infer<typeof badRowSchema>;

/** How rows that fail are set aside. */
export const quarantineSchema = z.object({
  /** So many at most in the whole run, and how many of them are left for this part. */
  limit: z.number().int().nonnegative(),
  left: z.number().int(),
  /** Where the part's bad rows are told: `badRowsFile`. */
  file: z.string().min(1),
});
export type Quarantine = z.infer<typeof quarantineSchema>;

/** Why a run ends that sets rows aside. */
export function tooMany(limit: number, last: Omit<BadRow, "row">): UdfError {
  return errorAt(last.trace, "TOO_MANY_BAD_ROWS", {
    what: `more than ${thousands(limit)} rows fail, this one with: ${failedAt(last).what}`,
    next: "Correct the function or the input, or give a higher limit (maxBadRows of the job, or --max-bad-rows).",
  });
}

/** The error for a row that a function failed at. */
export function failedAt({ function: name, message, trace }: Omit<BadRow, "row">, cause?: unknown): UdfError {
  const call = `${name}(${(trace.values ?? []).join(", ")})`;
  // the door's message may begin with the function's name
  const said = message.startsWith(`${name}(): `) ? message.slice(name.length + 4) : message;
  return errorAt(trace, trace.signal === undefined ? "ROW_ERROR" : "WORKER_CRASHED", {
    // the name is empty where it is not known
    what: name === "" ? message : `${call}: ${said}`,
    next: "Correct the row, or what the function makes of it.",
    cause,
  });
}

/** The file beside a part that tells of its bad rows; there is none where it has none. */
export function badRowsFile(part: string): string {
  return `${part}.bad`;
}

/** Before the part gets its name, so that a part that is there has its bad rows told. */
export function writeBadRows(file: string, rows: readonly BadRow[]): void {
  if (rows.length === 0) rmSync(file, { force: true });
  else writeFileSync(file, JSON.stringify(rows));
}

/** The bad rows of a part. */
export function readBadRows(part: string): BadRow[] {
  let text: string;
  try {
    text = readFileSync(badRowsFile(part), "utf8");
  } catch {
    return []; // it has none
  }
  return z.array(badRowSchema).parse(JSON.parse(text));
}
