import * as z from "zod";
import type { Diagnostic } from "../core/diagnostic.ts";
import { type ErrorCode, type ErrorParts, UdfError } from "../core/error.ts";

/** Where a module's code was when it failed, as its artifact tells it. */
export const traceSchema = z.object({
  module: z.string(),
  /** The calls, innermost first: addresses in the artifact, as `addr2line` takes them. */
  frames: z.array(z.number().int().nonnegative()),
  /** The row of the part that failed, from 0; absent where it is not known. */
  row: z.number().int().nonnegative().optional(),
  /** What the process, or a copy of it, died of; absent for an exception. */
  signal: z.number().int().optional(),
  /** The function's arguments, as texts; absent where nobody asked for them. */
  values: z.array(z.string()).optional(),
});
export type Trace = z.infer<typeof traceSchema>;

/** A failure in a module's code, with its place. */
export class TracedError extends UdfError {
  readonly trace: Trace;

  constructor(code: ErrorCode, parts: ErrorParts, trace: Trace) {
    super(code, parts);
    this.trace = trace;
  }

  /** The same error, with what says it at a line of the author's. */
  with(diagnostic: Diagnostic): TracedError {
    const { code, what, where, next, details, trace, cause } = this;
    const parts = {
      ...(where === undefined ? {} : { where }),
      ...(next === undefined ? {} : { next }),
      ...(details === undefined ? {} : { details }),
    };
    return new TracedError(code, { what, ...parts, cause, diagnostics: [diagnostic] }, trace);
  }
}

/** With its place where that is known. */
export function errorAt(trace: Trace | undefined, code: ErrorCode, parts: ErrorParts): UdfError {
  return trace ? new TracedError(code, parts, trace) : new UdfError(code, parts);
}

/** Where the failure was; undefined where that is not known. */
export function traceOf(error: unknown): Trace | undefined {
  return error instanceof TracedError ? error.trace : undefined;
}
