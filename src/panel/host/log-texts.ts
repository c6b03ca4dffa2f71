import { isAscii } from "node:buffer";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { messageOf, UdfError } from "../../core/error.ts";

/** Read at a time; long enough that its reading costs little, short enough that a search soon gives way. */
const pieceBytes = 1 << 20;

/** Lines, by their numbers: the first, and the one after the last. */
export type LineRange = { from: number; to: number };

/**
 * The texts of a log's lines, folded to one case, one after another and with nothing between, in a temporary file that no
 * folder lists. So a search reads a third of the log, and meets nothing but texts. In memory: 8 bytes for each line.
 */
export class LogTexts {
  #file: Promise<FileHandle> | undefined;
  /** Where in the file each text begins, and one place more: where the last one ends. */
  #starts = new Float64Array(1 << 12);
  #added = 0;
  #written = 0;
  #waiting = Buffer.allocUnsafe(1 << 16);
  #waitingBytes = 0;
  #failure: unknown;
  #closed = false;

  /** A line's text; it is found after the next `write`. */
  add(source: Buffer, begin: number, end: number): void {
    if (this.#failure !== undefined) return;
    const size = this.#waitingBytes + end - begin;
    if (size > this.#waiting.length) {
      const larger = Buffer.allocUnsafe(size * 2);
      this.#waiting.copy(larger, 0, 0, this.#waitingBytes);
      this.#waiting = larger;
    }
    source.copy(this.#waiting, this.#waitingBytes, begin, end);
    this.#waitingBytes = size;
    this.#added += 1;
    if (this.#added === this.#starts.length) {
      const longer = new Float64Array(this.#added * 2);
      longer.set(this.#starts);
      this.#starts = longer;
    }
    this.#starts[this.#added] = this.#start(this.#written) + size;
  }

  /** Writes what was added. Where that fails, as on a full disk, nothing can be searched, and `linesWith` says so. */
  async write(): Promise<void> {
    try {
      await this.#write();
    } catch (error) {
      this.#failure = error;
    }
  }

  /**
   * The lines whose text has `wanted` in it, whichever the case of its letters: for each piece of the file the lines found
   * there, which rise. Backward, the pieces come from the end.
   */
  async *linesWith(
    wanted: string,
    { from, to, backward, signal }: LineRange & { backward?: boolean; signal: AbortSignal },
  ): AsyncGenerator<Iterable<number>> {
    if (this.#failure !== undefined) {
      throw new UdfError("FILE_UNUSABLE", {
        what: `the log cannot be searched, because the file for it could not be written: ${messageOf(this.#failure)}`,
        where: tmpdir(),
        next: "Make room there and select the run again.",
        cause: this.#failure,
      });
    }
    const needle = Buffer.from(fold(wanted));
    const pieces = this.#pieces({ from, to: Math.min(to, this.#written) }, backward ?? false);
    // memory that is new for each piece would take longer than to search it
    let [buffer, other] = [Buffer.allocUnsafe(pieceBytes), Buffer.allocUnsafe(pieceBytes)];
    const read = (into: Buffer) => {
      const { value: lines } = pieces.next();
      const piece = lines && this.#read(lines, into);
      piece?.catch(() => undefined); // told where it is awaited
      return piece;
    };
    for (let next = read(buffer); next !== undefined && !signal.aborted; ) {
      const { lines, bytes } = await next;
      [buffer, other] = [other, buffer];
      next = read(buffer); // while this one is searched
      yield this.#linesIn(bytes, lines, needle);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const file = await this.#file?.catch(() => undefined);
    await file?.close();
  }

  async #write(): Promise<void> {
    if (this.#written === this.#added || this.#closed) return;
    const [first, last] = [this.#written, this.#added];
    const bytes = this.#folded({ from: first, to: last });
    const start = this.#start(first);
    const file = await this.#opened();
    for (let done = 0; done < bytes.length; ) {
      done += (await file.write(bytes, done, bytes.length - done, start + done)).bytesWritten;
    }
    this.#waitingBytes = 0;
    this.#written = last;
  }

  /** Opened and unlinked: it is gone with the process, however that ends. */
  async #opened(): Promise<FileHandle> {
    this.#file ??= (async () => {
      const folder = await mkdtemp(path.join(tmpdir(), "native-udf-log-"));
      try {
        return await open(path.join(folder, "texts"), "wx+", 0o600);
      } finally {
        await rm(folder, { recursive: true });
      }
    })();
    return this.#file;
  }

  #start(line: number): number {
    return this.#starts[line] ?? 0;
  }

  /** What waits, in one case. Other letters than English ones may get more bytes, or fewer, by it. */
  #folded({ from, to }: LineRange): Buffer {
    const bytes = this.#waiting.subarray(0, this.#waitingBytes);
    if (isAscii(bytes)) {
      const text = bytes.toString("latin1");
      const folded = text.toLowerCase();
      if (folded !== text) bytes.write(folded, "latin1");
      return bytes;
    }
    const start = this.#start(from);
    const texts: Buffer[] = [];
    let end = start;
    for (let line = from, begin = start; line < to; line++) {
      const next = this.#start(line + 1);
      const text = Buffer.from(fold(bytes.toString("utf8", begin - start, next - start)));
      texts.push(text);
      end += text.length;
      this.#starts[line + 1] = end;
      begin = next;
    }
    return Buffer.concat(texts);
  }

  *#pieces({ from, to }: LineRange, backward: boolean): Generator<LineRange, undefined> {
    if (backward) {
      for (let end = to; end > from; ) {
        const first = this.#firstFrom(this.#start(end) - pieceBytes, { from, to: end });
        const begin = Math.min(first, end - 1); // a line may be longer than a piece
        yield { from: begin, to: end };
        end = begin;
      }
      return;
    }
    for (let begin = from; begin < to; ) {
      const after = this.#firstFrom(this.#start(begin) + pieceBytes + 1, { from: begin, to: to + 1 }) - 1;
      const end = Math.max(after, begin + 1);
      yield { from: begin, to: end };
      begin = end;
    }
  }

  /** The first line of a range that begins at a place, or after it. */
  #firstFrom(place: number, { from, to }: LineRange): number {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#start(middle) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  async #read(lines: LineRange, into: Buffer): Promise<{ lines: LineRange; bytes: Buffer }> {
    const start = this.#start(lines.from);
    const size = this.#start(lines.to) - start;
    const buffer = size <= into.length ? into : Buffer.allocUnsafe(size);
    const file = await this.#opened();
    let done = 0;
    while (done < size) {
      const { bytesRead } = await file.read(buffer, done, size - done, start + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return { lines, bytes: buffer.subarray(0, done) };
  }

  *#linesIn(bytes: Buffer, { from }: LineRange, needle: Buffer): Generator<number> {
    const start = this.#start(from);
    let line = from;
    for (let at = bytes.indexOf(needle); at >= 0; ) {
      while (this.#start(line + 1) - start <= at) line += 1;
      const end = this.#start(line + 1) - start;
      const isWithin = at + needle.length <= end; // else its end is the begin of the next text
      if (isWithin) yield line;
      at = bytes.indexOf(needle, isWithin ? end : at + 1);
    }
  }
}

/** Lower case; the Greek sigma has two forms there, of which one is for the end of words. */
function fold(text: string): string {
  return text.toLowerCase().replaceAll("ς", "σ");
}
