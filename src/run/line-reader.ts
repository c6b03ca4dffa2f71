import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const chunkBytes = 256 * 1024;
const newline = 0x0a;

/** What a line is left out by: a text that it has within its first characters. ASCII. */
export type Unwanted = { text: string; within: number };

/** Follows a file that grows by whole lines; holds no more of it in memory than it has just read. */
export class LineReader {
  readonly #file: number;
  readonly #unwanted: Unwanted | undefined;
  readonly #chunk = Buffer.allocUnsafe(chunkBytes);
  #offset = 0;
  #rest: Buffer[] = [];

  constructor(path: string, options: { without?: Unwanted | undefined } = {}) {
    this.#file = openSync(path, "r");
    this.#unwanted = options.without;
  }

  /**
   * The next lines, which are none where all of them are unwanted; undefined where there is nothing new. What comes after
   * the last newline waits for the next call.
   */
  next(): string[] | undefined {
    for (;;) {
      const count = readSync(this.#file, this.#chunk, 0, chunkBytes, this.#offset);
      if (count === 0) return undefined;
      this.#offset += count;
      const bytes = this.#chunk.subarray(0, count);
      const end = bytes.lastIndexOf(newline);
      if (end < 0) {
        this.#rest.push(Buffer.from(bytes));
        continue;
      }
      const lines = Buffer.concat([...this.#rest, bytes.subarray(0, end)]);
      this.#rest = [Buffer.from(bytes.subarray(end + 1))];
      return this.#unwanted ? wantedLines(lines, this.#unwanted) : lines.toString("utf8").split("\n");
    }
  }

  /** What has been read after the last newline. */
  get rest(): Buffer {
    return Buffer.concat(this.#rest);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** The whole lines of a file. */
export function* linesOf(path: string): Generator<string> {
  const reader = new LineReader(path);
  try {
    for (let lines = reader.next(); lines; lines = reader.next()) yield* lines;
  } finally {
    reader.close();
  }
}

/** The last bytes of a file as text; its first line may be cut. */
export function tailOf(path: string, bytes: number): string {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, bytes));
    const count = readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8", 0, count);
  } finally {
    closeSync(file);
  }
}

/** Makes no text of what is left out: a log has a million lines. */
function wantedLines(lines: Buffer, { text, within }: Unwanted): string[] {
  const wanted: string[] = [];
  const bytes = lines.toString("latin1"); // a character for each byte
  for (let begin = 0; begin < bytes.length; ) {
    const newlineAt = bytes.indexOf("\n", begin);
    const end = newlineAt < 0 ? bytes.length : newlineAt;
    const first = bytes.slice(begin, Math.min(end, begin + within));
    if (!first.includes(text)) wanted.push(lines.toString("utf8", begin, end));
    begin = end + 1;
  }
  return wanted;
}
