import type { InputFile } from "./messages.ts";

/** Rows `first` to `first + count - 1` of a file, counted from 0. */
export type RowRange = { part: number; file: InputFile; first: number; count: number };

/** Below this a part costs more to start than to compute; above it a retry and the last part cost too much. */
const fewest = 50_000;
const most = 500_000;
/** Parts for each worker: enough that none waits long for the last one. */
const partsPerWorker = 4;

/** Cuts the files into parts of nearly equal size, in order. A file without rows has one empty part, for its columns. */
export function cutIntoRanges(files: readonly InputFile[], workers: number): RowRange[] {
  const total = files.reduce((sum, file) => sum + file.rows, 0);
  const size = Math.min(most, Math.max(fewest, Math.ceil(total / (workers * partsPerWorker))));
  const ranges: RowRange[] = [];
  for (const file of files) {
    const parts = Math.max(1, Math.ceil(file.rows / size));
    for (let index = 0; index < parts; index++) {
      const first = Math.floor((file.rows * index) / parts);
      const end = Math.floor((file.rows * (index + 1)) / parts);
      ranges.push({ part: ranges.length, file, first, count: end - first });
    }
  }
  return ranges;
}

/** `rows 0–374,999 of data/rows.csv`. */
export function formatRange({ file, first, count }: RowRange): string {
  const number = (value: number) => value.toLocaleString("en-US");
  return `rows ${number(first)}–${number(Math.max(first, first + count - 1))} of ${file.shown}`;
}
