import type { RowFailure } from "./call-observer.ts";
import { type RowSelection, rowAt } from "./part-rows.ts";
import type { Session } from "./session.ts";

/** Rows of a part, from `begin` to the one before `end`, that a function may crash at. */
export type GuardedRows = { function: string; begin: number; end: number };

/**
 * Which calls of functions are tried in a copy of the process first. A copy costs some milliseconds, so only those are
 * whose rows have crashed, or have failed in the query before.
 */
export class Guards {
  readonly #session: Session;
  #rows: readonly GuardedRows[];

  constructor(session: Session, rows: readonly GuardedRows[]) {
    this.#session = session;
    this.#rows = rows;
  }

  /** Before a function is given rows, counted as in `RowFailure`, of a query that leaves rows out. */
  apply(name: string, chunk: { begin: number; end: number }, selection: RowSelection): void {
    const begin = rowAt(chunk.begin, selection);
    const end = rowAt(Math.max(chunk.begin, chunk.end - 1), selection) + 1;
    const guarded = this.#rows.some((rows) => rows.function === name && rows.begin < end && begin < rows.end);
    this.#session.guard(name, guarded);
  }

  /** Every call of the functions that are guarded anywhere. */
  applyToAll(name: string): void {
    this.#session.guard(
      name,
      this.#rows.some((rows) => rows.function === name),
    );
  }

  /** Only the chunks that have failed are guarded in the next query: the others have shown that they do not crash. */
  narrowTo(failures: readonly RowFailure[], selection: RowSelection): void {
    const names = new Set(this.#rows.map((rows) => rows.function));
    this.#rows = failures
      .filter((failure) => names.has(failure.function))
      .map(({ function: name, chunk: { begin, end } }) => {
        return { function: name, begin: rowAt(begin, selection), end: rowAt(end - 1, selection) + 1 };
      });
  }
}
