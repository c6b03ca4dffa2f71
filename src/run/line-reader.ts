import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const chunkBytes = 256 * 1024;
const newline = 0x0a;

/** Follows a file that grows by whole lines; holds no more of it in memory than it has just read. */
export class LineReader {
  readonly #file: number;
  readonly #chunk = Buffer.allocUnsafe(chunkBytes);
  #offset = 0;
  #rest: Buffer[] = [];

  constructor(path: string) {
    this.#file = openSync(path, "r");
  }

  /** The next lines; none where there is nothing new. What comes after the last newline waits for the next call. */
  next(): string[] {
    for (;;) {
      const count = readSync(this.#file, this.#chunk, 0, chunkBytes, this.#offset);
      if (count === 0) return [];
      this.#offset += count;
      const bytes = this.#chunk.subarray(0, count);
      const end = bytes.lastIndexOf(newline);
      if (end < 0) {
        this.#rest.push(Buffer.from(bytes));
        continue;
      }
      const lines = Buffer.concat([...this.#rest, bytes.subarray(0, end)]).toString("utf8");
      this.#rest = [Buffer.from(bytes.subarray(end + 1))];
      return lines.split("\n");
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
    for (let lines = reader.next(); lines.length > 0; lines = reader.next()) yield* lines;
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
