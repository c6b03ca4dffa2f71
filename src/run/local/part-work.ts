import type { BadRow } from "./bad-row.ts";
import type { GuardedRows } from "./guards.ts";
import type { RowRange } from "./row-ranges.ts";

/** A part that is to be computed, and what its earlier attempts have shown. */
export type PartWork = {
  range: RowRange;
  /** From 1. */
  attempt: number;
  /** Where functions have crashed in it. */
  guarded: readonly GuardedRows[];
  /** Rows that are known to fail. */
  known: readonly BadRow[];
};

/**
 * What is guarded after one more crash: the chunk that crashed at first, and the whole part for a function that crashes
 * in it again, since a worker's start costs more than many copies of a process.
 */
export function guardMore(
  { range, guarded }: PartWork,
  crash: { function: string; rows: { begin: number; end: number } | undefined },
): GuardedRows[] {
  const others = guarded.filter((rows) => rows.function !== crash.function);
  const again = others.length < guarded.length;
  const rows = again || !crash.rows ? { begin: 0, end: range.count } : crash.rows;
  return [...others, { function: crash.function, ...rows }];
}

/** The request's fields that say which rows a part has. */
export function partFields({ file, after, first, count }: RowRange, sql: string) {
  const files = [file, ...after];
  return { files: files.map(({ path }) => path), fileRows: files.map(({ rows }) => rows), first, count, sql };
}
