import { closeSync, openSync, readSync } from "node:fs";

const delimiters = [",", "\t", ";", "|"] as const;
/** A first line that is longer is judged by its beginning. */
const sampleBytes = 64 * 1024;

/**
 * The delimiter that a CSV file's first line has most often outside quotes; a comma where it has none. One rule that can
 * be foretold, where guessing from all lines would take a file with one bad line for a file of one column.
 */
export function delimiterOf(firstLine: string): string {
  const bare = firstLine.replaceAll(/"(?:[^"]|"")*"/g, "");
  let best: string = delimiters[0];
  for (const delimiter of delimiters) {
    if (bare.split(delimiter).length > bare.split(best).length) best = delimiter;
  }
  return best;
}

/** How DuckDB is told to read a CSV file; bad lines are set aside in `reject_errors`, with their numbers. */
export function csvOptions(file: string): string {
  const delimiter = delimiterIn(file);
  const shape = `delim = '${delimiter}', quote = '"', escape = '"', skip = 0, null_padding = false, strict_mode = true`;
  return `${shape}, store_rejects = true, rejects_limit = 10`;
}

/** The delimiter of a CSV file. */
export function delimiterIn(file: string): string {
  return delimiterOf(firstLineOf(file));
}

function firstLineOf(file: string): string {
  const sample = Buffer.alloc(sampleBytes);
  const descriptor = openSync(file, "r");
  try {
    const count = readSync(descriptor, sample);
    return sample.toString("utf8", 0, count).split(/\r?\n|\r/, 1)[0] ?? "";
  } finally {
    closeSync(descriptor);
  }
}
