import { readParquet } from "./sql-text.ts";

/**
 * The rows of one part of a run, numbered from 0 across its files. `first` and `count` say which rows of a file they
 * are where there is one; more files are read whole.
 */
export class PartRows {
  readonly count: number;
  readonly #files: readonly string[];
  readonly #first: number;
  /** The number of each file's first row, and one past the last. */
  readonly #begins: readonly number[];

  constructor(part: { files: readonly string[]; fileRows: readonly number[]; first: number; count: number }) {
    this.count = part.count;
    this.#files = part.files;
    this.#first = part.first;
    if (part.files.length === 1) {
      this.#begins = [0, part.count];
      return;
    }
    let rows = 0;
    this.#begins = [
      0,
      ...part.fileRows.map((of) => {
        rows += of;
        return rows;
      }),
    ];
  }

  /** A FROM clause's table of the input's columns, of these rows in their order. */
  table({ begin = 0, end = this.count, without = [] }: RowSelection = {}): string {
    const isWhole = begin === 0 && end === this.count && without.length === 0;
    if (isWhole && this.#files.length > 1) return readParquet(this.#files);
    const selects = this.#files.flatMap((file, index) => {
      const [from = 0, to = 0] = [this.#begins[index], this.#begins[index + 1]];
      const [low, high] = [Math.max(begin, from), Math.min(end, to)];
      const of = (row: number) => this.#first + row - from;
      const left = without.filter((row) => row >= low && row < high).map(of);
      const others = left.length > 0 ? ` AND file_row_number NOT IN (${left.join(", ")})` : "";
      // DuckDB reads no row group that the range is not in
      const range = `file_row_number >= ${of(low)} AND file_row_number < ${of(high)}`;
      return low < high || this.count === 0 ? [`SELECT * FROM ${readParquet([file])} WHERE ${range}${others}`] : [];
    });
    return `(${selects.join(" UNION ALL ")})`;
  }
}

/** Rows of a part, from `begin` to the one before `end`. */
export type RowSelection = { begin?: number; end?: number; without?: readonly number[] };

/** The part's row that is at a place (from 0) in a selection, which leaves out rows in ascending order. */
export function rowAt(place: number, { begin = 0, without = [] }: RowSelection): number {
  let row = begin + place;
  for (const left of without) if (left >= begin && left <= row) row += 1;
  return row;
}
