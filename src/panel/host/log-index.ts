import { type FileHandle, open } from "node:fs/promises";
import { runEventSchema } from "../../core/events.ts";
import type { LogFilter, LogLine } from "../protocol.ts";

const newline = 0x0a;
/** Read at a time; about 5 ms of work, so that the extension host stays responsive. */
const chunkBytes = 1 << 20;
const searchBytes = 2 << 20;
/** A piece of the file that begins with `line`, at `start`; `after` is the first line that is not whole in it. */
type Piece = { line: number; start: number; bytes: Buffer; after: number };

/** An event's `kind` stands within its first bytes: seq, time and run come before it. */
const kindWithin = 256;
const logMark = Buffer.from('"kind":"log"');

/**
 * Where the lines of a run's log lie in its `events.ndjson`, which keeps the text: 13 bytes of memory for each line,
 * however long it is. Reads on from where it was when the file has grown.
 */
export class LogIndex {
  readonly #path: string;
  #file: FileHandle | undefined;
  #offsets = new Float64Array(1 << 12);
  #lengths = new Uint32Array(1 << 12);
  #workers = new Uint8Array(1 << 12);
  #levels = new Uint8Array(1 << 12);
  #count = 0;
  #read = 0;
  #closed = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Lines that are known. */
  get count(): number {
    return this.#count;
  }

  /** Looks at what the file has got since; `onProgress` is called between chunks. */
  async update(onProgress: () => void = () => undefined): Promise<void> {
    const file = await this.#open();
    const buffer = Buffer.allocUnsafe(chunkBytes);
    let rest = 0; // bytes of a line that has not ended, at the buffer's begin
    let large: Buffer | undefined;
    while (!this.#closed) {
      const target: Buffer = large ?? buffer;
      const { bytesRead } = await file.read(target, rest, target.length - rest, this.#read + rest);
      if (bytesRead === 0) return;
      const end = this.#lines(target.subarray(0, rest + bytesRead));
      if (end === 0 && rest + bytesRead === target.length) {
        const longer: Buffer = Buffer.allocUnsafe(target.length * 2); // a line that is longer than the buffer
        target.copy(longer, 0, 0, rest + bytesRead);
        large = longer;
        rest += bytesRead;
        continue;
      }
      large = undefined;
      rest = 0;
      this.#read += end;
      if (end === 0) return; // the last line is being written
      onProgress();
    }
  }

  /** Which lines pass, by their numbers; undefined for all. `signal` ends it when another filter is asked for. */
  async filter({ workers, levels, text }: LogFilter, signal: AbortSignal): Promise<Uint32Array | undefined> {
    if (workers.length === 0 && levels.length === 0 && text === "") return undefined;
    const wantedLevels = new Set(levels.map((level) => levelNumbers[level]));
    const wantedWorkers = new Set(workers.map((worker) => worker & 0xff));
    const passes = (line: number) =>
      (wantedWorkers.size === 0 || wantedWorkers.has(this.#workers[line] ?? 0)) &&
      (wantedLevels.size === 0 || wantedLevels.has(this.#levels[line] ?? 0));
    const found = new Uint32Array(this.#count);
    let length = 0;
    if (text === "") {
      for (let line = 0; line < this.#count; line++) if (passes(line)) found[length++] = line;
    } else {
      for await (const line of this.#matches(text, { from: 0, to: this.#count, signal })) {
        if (passes(line)) found[length++] = line;
      }
    }
    return found.slice(0, length);
  }

  /** The next line with a text, from a line on; undefined where there is none. Upper and lower case differ. */
  async search(
    text: string,
    options: { from: number; backward: boolean; signal: AbortSignal },
  ): Promise<number | undefined> {
    const { from, backward, signal } = options;
    if (!backward) {
      for await (const line of this.#matches(text, { from, to: this.#count, signal })) return line;
      return undefined;
    }
    for (let to = from + 1; to > 0; ) {
      const begin = Math.max(0, to - 20_000);
      let last: number | undefined;
      for await (const line of this.#matches(text, { from: begin, to, signal })) last = line;
      if (last !== undefined) return last;
      to = begin;
    }
    return undefined;
  }

  /** The lines with these numbers, which rise. */
  async lines(numbers: readonly number[]): Promise<LogLine[]> {
    const lines: LogLine[] = [];
    for (let begin = 0; begin < numbers.length; ) {
      const start = this.#offsets[numbers[begin] ?? 0] ?? 0;
      const endOf = (index: number) => {
        const number = numbers[index] ?? 0;
        return (this.#offsets[number] ?? 0) + (this.#lengths[number] ?? 0);
      };
      // neighbours are read at once
      let last = begin;
      while (last + 1 < numbers.length && endOf(last + 1) > start && endOf(last + 1) - start <= chunkBytes) last += 1;
      const buffer = await this.#bytes(start, endOf(last));
      for (; begin <= last; begin++) {
        const number = numbers[begin] ?? 0;
        const at = (this.#offsets[number] ?? 0) - start;
        lines.push(this.#line(number, buffer.toString("utf8", at, at + (this.#lengths[number] ?? 0))));
      }
    }
    return lines;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#file?.close();
    this.#file = undefined;
  }

  async #bytes(start: number, end: number): Promise<Buffer> {
    const file = await this.#open();
    const buffer = Buffer.allocUnsafe(end - start);
    await file.read(buffer, 0, buffer.length, start);
    return buffer;
  }

  #line(number: number, json: string): LogLine {
    const event = runEventSchema.parse(JSON.parse(json));
    if (event.kind !== "log") throw new Error(`line ${number} of the log of ${this.#path} is none`);
    const { worker, level, time, text } = event;
    return { worker, level, time, text };
  }

  async #open(): Promise<FileHandle> {
    this.#file ??= await open(this.#path, "r");
    return this.#file;
  }

  /** Takes the whole lines of a chunk; gives where the last one ends. */
  #lines(chunk: Buffer): number {
    let begin = 0;
    for (let end = chunk.indexOf(newline, begin); end >= 0; end = chunk.indexOf(newline, begin)) {
      const mark = chunk.subarray(begin, Math.min(end, begin + kindWithin)).indexOf(logMark);
      if (mark >= 0) this.#add(chunk, { begin, end, mark: begin + mark + logMark.length });
      begin = end + 1;
    }
    return begin;
  }

  #add(chunk: Buffer, { begin, end, mark }: { begin: number; end: number; mark: number }): void {
    if (this.#count === this.#offsets.length) this.#grow();
    const line = this.#count++;
    this.#offsets[line] = this.#read + begin;
    this.#lengths[line] = end - begin;
    // "worker":N,"stream":"…","level":"…","text":"…" follow; what they hold before the text is short
    const head = chunk.toString("latin1", mark, Math.min(end, mark + 80));
    const match = /"worker":(\d+),"stream":"\w+","level":"(\w)/.exec(head);
    this.#workers[line] = Number(match?.[1] ?? 0) & 0xff;
    this.#levels[line] = levelLetters.indexOf(match?.[2] ?? "i");
  }

  #grow(): void {
    const size = this.#offsets.length * 2;
    const grown = <Numbers extends Float64Array | Uint32Array | Uint8Array>(numbers: Numbers, to: Numbers): Numbers => {
      to.set(numbers);
      return to;
    };
    this.#offsets = grown(this.#offsets, new Float64Array(size));
    this.#lengths = grown(this.#lengths, new Uint32Array(size));
    this.#workers = grown(this.#workers, new Uint8Array(size));
    this.#levels = grown(this.#levels, new Uint8Array(size));
  }

  /** Lines whose text has another text in it. Reads the file in big pieces, and looks at no line by itself. */
  async *#matches(
    text: string,
    { from, to, signal }: { from: number; to: number; signal: AbortSignal },
  ): AsyncGenerator<number> {
    const needle = Buffer.from(JSON.stringify(text).slice(1, -1)); // as it stands in the file
    // memory that is new for each piece would take longer than to search it
    let [buffer, other] = [Buffer.allocUnsafe(searchBytes), Buffer.allocUnsafe(searchBytes)];
    let next: Promise<Piece> | undefined = from < to ? this.#piece(buffer, { line: from, to }) : undefined;
    while (next !== undefined && !signal.aborted) {
      const { line, start, bytes, after } = await next;
      const following = Math.max(after, line + 1);
      [buffer, other] = [other, buffer];
      next = following < to ? this.#piece(buffer, { line: following, to }) : undefined; // read while this one is searched
      next?.catch(() => undefined); // told where it is awaited
      if (after === line) {
        // longer than a piece
        const [only] = await this.lines([line]);
        if (only?.text.includes(text)) yield line;
        continue;
      }
      for (let at = bytes.indexOf(needle); at >= 0; ) {
        const found = this.#lastBeginningBy(start + at, { low: line, high: after });
        const begin = (this.#offsets[found] ?? 0) - start;
        const end = begin + (this.#lengths[found] ?? 0);
        // what lies between two lines of the log is another event, and before a line's text are its other fields
        const within = at >= textStart(bytes, begin) && at < end;
        if (within) yield found;
        at = bytes.indexOf(needle, within ? end : at + 1);
      }
    }
  }

  async #piece(buffer: Buffer, { line, to }: { line: number; to: number }): Promise<Piece> {
    const file = await this.#open();
    const start = this.#offsets[line] ?? 0;
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    const after = this.#firstEndingAfter(start + bytesRead, { low: line, high: to });
    return { line, start, bytes: buffer.subarray(0, bytesRead), after };
  }

  #firstEndingAfter(limit: number, { low, high }: { low: number; high: number }): number {
    let [first, last] = [low, high];
    while (first < last) {
      const middle = (first + last) >> 1;
      if ((this.#offsets[middle] ?? 0) + (this.#lengths[middle] ?? 0) > limit) last = middle;
      else first = middle + 1;
    }
    return first;
  }

  #lastBeginningBy(position: number, { low, high }: { low: number; high: number }): number {
    let [first, last] = [low, high - 1];
    while (first < last) {
      const middle = (first + last + 1) >> 1;
      if ((this.#offsets[middle] ?? 0) <= position) first = middle;
      else last = middle - 1;
    }
    return first;
  }
}

const levelLetters = ["d", "i", "w", "e"];
const levelNumbers = { debug: 0, info: 1, warning: 2, error: 3 };

const textMark = Buffer.from('"text":"');

/** Where the text of a line begins: a match before it is in the line's other fields. */
function textStart(piece: Buffer, begin: number): number {
  const at = piece.indexOf(textMark, begin);
  return at < 0 ? begin : at + textMark.length;
}
