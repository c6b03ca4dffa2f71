import type { BadRow } from "./bad-row.ts";
import { CallObserver, type RowFailure } from "./call-observer.ts";
import type { Guards } from "./guards.ts";
import { findFailingRow } from "./halve.ts";
import { type PartRows, type RowSelection, rowAt } from "./part-rows.ts";
import { givenEachRowOnce } from "./row-wise.ts";
import type { Session } from "./session.ts";

type Options = {
  session: Session;
  /** The author's `map`. */
  sql: string;
  rows: PartRows;
  /** Rows that were left out where the failures were, ascending. */
  without: readonly number[];
  /** Failures have the values of their arguments. */
  showValues: boolean;
  guards: Guards;
  /** Is told which rows are computed next. */
  onSelection: (selection: RowSelection) => void;
};

/**
 * Finds which rows of a part functions fail at. A failure knows how many rows the function had been given before; that
 * tells the row where the SQL gives every row to the function once. Elsewhere the row is tried alone. Of a batch only its
 * rows are known, which are halved; where none of them fails, the part is.
 */
export class FailingRows {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The row of one failure; undefined where nothing fails any more. */
  async one(failure: RowFailure): Promise<BadRow | undefined> {
    return (await this.#alone(this.#rowOf(failure))) ?? (await this.#halved(this.#chunkOf(failure))) ?? this.#halved();
  }

  /** The rows of the failures of one query, or some of them; none where nothing fails any more. */
  async all(failures: readonly RowFailure[], observer: CallObserver): Promise<BadRow[]> {
    const { session, sql, rows, without } = this.#options;
    const certain = givenEachRowOnce(await session.serialize(sql));
    const found = new Map<number, BadRow>();
    for (const failure of failures) {
      const row = this.#rowOf(failure);
      if (row === undefined) {
        const bad = await this.#halved(this.#chunkOf(failure));
        if (bad) found.set(bad.row, bad);
        continue;
      }
      if (found.has(row)) continue;
      const everyRow = observer.rowsGivenTo(failure.function) === rows.count - without.length;
      // a heap that is broken shows later than where it was broken
      const sure = certain.has(failure.function.toLowerCase()) && everyRow && failure.trace.signal === undefined;
      const bad = sure ? badRow(row, failure) : await this.#alone(row);
      if (bad) found.set(row, bad);
    }
    if (found.size > 0) return [...found.values()];
    const halved = await this.#halved();
    return halved ? [halved] : [];
  }

  /** What fails when the rows from `begin` to the one before `end` are computed without the others. */
  async probe(begin: number, end: number): Promise<RowFailure | undefined> {
    const { session, sql, rows, without, showValues, guards, onSelection } = this.#options;
    const onGiven = (name: string) => guards.applyToAll(name);
    const observer = new CallObserver({ values: showValues, goesOn: false, onGiven });
    const selection = { begin, end, without };
    session.beginQuery();
    onSelection(selection);
    await session.run(`CREATE OR REPLACE TEMP VIEW input AS SELECT * FROM ${rows.table(selection)}`);
    await session.define("map_rows", sql);
    return session.following(observer, async () => {
      try {
        await session.compute("map_rows");
        return undefined;
      } catch (error) {
        const [failure] = session.failures;
        if (!failure) throw error;
        return failure;
      }
    });
  }

  #rowOf({ place }: RowFailure): number | undefined {
    const { rows, without } = this.#options;
    const row = place === undefined ? rows.count : rowAt(place, { without });
    return row < rows.count ? row : undefined;
  }

  /** The rows that a batch had, if the function is given every row once and in order. */
  #chunkOf({ chunk }: RowFailure): { begin: number; end: number } {
    const { rows, without } = this.#options;
    const row = (place: number) => Math.min(rowAt(place, { without }), rows.count - 1);
    return chunk.begin < chunk.end ? { begin: row(chunk.begin), end: row(chunk.end - 1) + 1 } : { begin: 0, end: 0 };
  }

  async #alone(row: number | undefined): Promise<BadRow | undefined> {
    const failure = row === undefined ? undefined : await this.probe(row, row + 1);
    return row === undefined || !failure ? undefined : badRow(row, failure);
  }

  async #halved(rows = { begin: 0, end: this.#options.rows.count }): Promise<BadRow | undefined> {
    let last: RowFailure | undefined;
    const row = await findFailingRow(rows, async (begin, end) => {
      const failure = await this.probe(begin, end);
      last = failure ?? last;
      return failure !== undefined;
    });
    if (row === undefined || !last) return undefined;
    return (await this.#alone(row)) ?? badRow(row, { ...last, message: `${last.message} (only together with others)` });
  }
}

function badRow(row: number, { function: name, message, trace }: RowFailure): BadRow {
  return { row, function: name, message, trace: { ...trace, row } };
}
