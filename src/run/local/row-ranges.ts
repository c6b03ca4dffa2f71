import { thousands } from "../../core/thousands.ts";
import type { InputFile } from "./messages.ts";

/**
 * One part of a run: rows `first` to `first + count - 1` of `file`, counted from 0; or all rows of `file` and of the
 * small files after it.
 */
export type RowRange = { part: number; file: InputFile; after: readonly InputFile[]; first: number; count: number };

/** Below this a part costs more to start (4 ms) than to compute. */
const fewest = 20_480;
/** Of a large input: the fixed cost is a few percent of a part, and a retry or the last part costs little. */
const usual = 122_880;
/** Above this a retry costs too much. */
const most = 1_000_000;
/** A small input is cut into so many, since its functions may be slow. */
const fewestParts = 16;
/** A large input is cut into no more than about so many. */
const mostParts = 256;

/**
 * Cuts the files into parts in order, along their row groups where these are not too large. Depends on the files alone,
 * so that a run with another number of workers can take over the parts. At least one part, which may be empty.
 */
export function cutIntoRanges(files: readonly InputFile[]): RowRange[] {
  const total = files.reduce((sum, file) => sum + file.rows, 0);
  const size = sizeOfPart(total);
  const ranges: RowRange[] = [];
  let together: InputFile[] = [];
  const flush = (): void => {
    const [file, ...after] = together;
    const count = together.reduce((sum, { rows }) => sum + rows, 0);
    if (file) ranges.push({ part: ranges.length, file, after, first: 0, count });
    together = [];
  };
  for (const file of files.filter(({ rows }) => rows > 0)) {
    const waiting = together.reduce((sum, { rows }) => sum + rows, 0);
    if (waiting + file.rows > size) flush();
    if (file.rows <= size) together.push(file);
    else for (const piece of cutFile(file, size)) ranges.push({ part: ranges.length, file, after: [], ...piece });
  }
  flush();
  const [first] = files;
  return ranges.length > 0 || !first ? ranges : [{ part: 0, file: first, after: [], first: 0, count: 0 }];
}

/** The parts that hold the first rows of all; the last of them is cut off there. */
export function firstRows(ranges: readonly RowRange[], rows: number): RowRange[] {
  const taken: RowRange[] = [];
  let left = rows;
  for (const range of ranges) {
    for (const piece of range.count <= left ? [range] : wholeFiles(range)) {
      if (left === 0) return taken;
      const count = Math.min(piece.count, left);
      taken.push({ ...piece, part: taken.length, count });
      left -= count;
    }
  }
  return taken;
}

/** Only a part of one file can be cut off. */
function wholeFiles(range: RowRange): RowRange[] {
  if (range.after.length === 0) return [range];
  return [range.file, ...range.after].map((file) => ({ ...range, file, after: [], count: file.rows }));
}

function sizeOfPart(total: number): number {
  const small = Math.max(fewest, Math.ceil(total / fewestParts));
  return Math.min(most, Math.max(Math.min(usual, small), Math.ceil(total / mostParts)));
}

/** Whole row groups together up to the size; a larger one in equal pieces. */
function cutFile({ groups }: InputFile, size: number): { first: number; count: number }[] {
  const pieces: { first: number; count: number }[] = [];
  let first = 0;
  let count = 0;
  const flush = (): void => {
    if (count > 0) pieces.push({ first, count });
    first += count;
    count = 0;
  };
  for (const rows of groups) {
    if (count + rows > size * 1.25) flush();
    const equal = Math.max(1, Math.round(rows / size));
    if (count > 0 || equal === 1) {
      count += rows;
      continue;
    }
    for (let index = 1; index <= equal; index++) {
      count = Math.floor((rows * index) / equal) - Math.floor((rows * (index - 1)) / equal);
      flush();
    }
  }
  flush();
  return pieces;
}

/** The last row of a part; -1 for an empty one. */
export function lastRow({ first, count }: RowRange): number {
  return first + count - 1;
}

/** A row of a part, counted from 0, in its file. */
export function rowInFile({ file, after, first }: RowRange, row: number): { file: InputFile; row: number } {
  if (after.length === 0) return { file, row: first + row };
  let left = row;
  for (const each of [file, ...after]) {
    if (left < each.rows) return { file: each, row: left };
    left -= each.rows;
  }
  return { file, row };
}

/** `row 1,204,331 of data/flights.parquet`. */
export function formatRow(range: RowRange, row: number): string {
  const place = rowInFile(range, row);
  return `row ${thousands(place.row)} of ${place.file.shown}`;
}

/** `data/rows.csv`, `data/a.parquet and 11 more files`. */
export function formatFiles({ file, after }: RowRange): string {
  const more = after.length === 1 ? "1 more file" : `${after.length} more files`;
  return after.length === 0 ? file.shown : `${file.shown} and ${more}`;
}

/** `rows 0–374,999 of data/rows.csv`. */
export function formatRange(range: RowRange): string {
  if (range.count === 0) return `no rows of ${formatFiles(range)}`;
  return `rows ${thousands(range.first)}–${thousands(lastRow(range))} of ${formatFiles(range)}`;
}
