import { type FileHandle, open } from "node:fs/promises";
import { runEventSchema } from "../../core/events.ts";
import type { LogFilter, LogLine } from "../protocol.ts";
import { type LineRange, LogTexts } from "./log-texts.ts";

const backslash = 0x5c;
/** Read at a time; about 5 ms of work, so that the extension host stays responsive. */
const chunkBytes = 1 << 20;

/** How a line of a log begins, in the order in which events are written. */
const head =
  /\{"seq":\d+,"time":"[^"]*","run":"[^"]*","kind":"log","worker":(\d+),"stream":"\w+","level":"(\w)\w*","text":"/y;
const tail = '"}';
/** An event's `kind` stands within its first characters: seq, time and run come before it. */
const kindWithin = 256;

/**
 * Where the lines of a run's log lie in its `events.ndjson`, which keeps them: 15 bytes of memory for each line, and 8 for
 * the search, however long it is. Reads on from where it was when the file has grown.
 */
export class LogIndex {
  readonly #path: string;
  readonly #texts = new LogTexts();
  #file: FileHandle | undefined;
  #offsets = new Float64Array(1 << 12);
  #lengths = new Uint32Array(1 << 12);
  #workers = new Uint16Array(1 << 12);
  #levels = new Uint8Array(1 << 12);
  #count = 0;
  /** Of these the texts are written: what is not counted yet could not be found. */
  #known = 0;
  #read = 0;
  #closed = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Lines that are known. */
  get count(): number {
    return this.#known;
  }

  /** The file has lost what was read of it: these lines are no more. */
  async isCut(): Promise<boolean> {
    const file = await this.#open();
    return (await file.stat()).size < this.#read;
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
      await this.#texts.write();
      this.#known = this.#count;
      if (end === 0) return; // the last line is being written
      onProgress();
    }
  }

  /** Which lines of a range pass, by their numbers. */
  async filter({ workers, levels, text }: LogFilter, range: LineRange & { signal: AbortSignal }): Promise<Uint32Array> {
    const wantedLevels = new Set(levels.map((level) => levelNumbers[level]));
    const wantedWorkers = new Set(workers.map(workerNumber));
    const passes = (line: number) =>
      (wantedWorkers.size === 0 || wantedWorkers.has(this.#workers[line] ?? 0)) &&
      (wantedLevels.size === 0 || wantedLevels.has(this.#levels[line] ?? 0));
    const found = new Uint32Array(range.to - range.from);
    let length = 0;
    if (text === "") {
      for (let line = range.from; line < range.to; line++) if (passes(line)) found[length++] = line;
    } else {
      for await (const lines of this.#texts.linesWith(text, range)) {
        for (const line of lines) if (passes(line)) found[length++] = line;
      }
    }
    return found.slice(0, length);
  }

  /** The next line that has a text, in upper or lower case, and passes; from a line on. Undefined where there is none. */
  async search(
    text: string,
    { from, backward, signal, passes = () => true }: SearchOptions,
  ): Promise<number | undefined> {
    const range = backward ? { from: 0, to: Math.min(from + 1, this.#known) } : { from, to: this.#known };
    for await (const lines of this.#texts.linesWith(text, { ...range, backward, signal })) {
      let last: number | undefined;
      for (const line of lines) {
        if (!passes(line)) continue;
        if (!backward) return line;
        last = line;
      }
      if (last !== undefined) return last;
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
        lines.push(parsedLog(buffer.toString("utf8", at, at + (this.#lengths[number] ?? 0))));
      }
    }
    return lines;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#texts.close();
    await this.#file?.close();
    this.#file = undefined;
  }

  async #bytes(start: number, end: number): Promise<Buffer> {
    const file = await this.#open();
    const buffer = Buffer.alloc(end - start);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    return buffer.subarray(0, bytesRead);
  }

  async #open(): Promise<FileHandle> {
    this.#file ??= await open(this.#path, "r");
    return this.#file;
  }

  /** Takes the whole lines of a chunk; gives where the last one ends. */
  #lines(chunk: Buffer): number {
    const bytes = chunk.toString("latin1"); // a character for each byte
    let begin = 0;
    let nextEscape = chunk.indexOf(backslash);
    for (let end = bytes.indexOf("\n"); end >= 0; end = bytes.indexOf("\n", begin)) {
      head.lastIndex = begin;
      const match = head.exec(bytes);
      if (match && head.lastIndex <= end) {
        const textBegin = head.lastIndex;
        this.#add({ begin, end, worker: Number(match[1]), level: match[2] ?? "" });
        if (nextEscape >= 0 && nextEscape < textBegin) nextEscape = chunk.indexOf(backslash, textBegin);
        const isPlain = (nextEscape < 0 || nextEscape > end) && bytes.startsWith(tail, end - tail.length);
        if (isPlain) this.#texts.add(chunk, textBegin, end - tail.length);
        else this.#addText(parsedLog(chunk.toString("utf8", begin, end)).text);
      } else if (bytes.slice(begin, Math.min(end, begin + kindWithin)).includes('"kind":"log"')) {
        // written by something else, or cut
        const { worker, level, text } = parsedLog(chunk.toString("utf8", begin, end));
        this.#add({ begin, end, worker, level: level.charAt(0) });
        this.#addText(text);
      }
      begin = end + 1;
    }
    return begin;
  }

  #add({ begin, end, worker, level }: { begin: number; end: number; worker: number; level: string }): void {
    if (this.#count === this.#offsets.length) this.#grow();
    const line = this.#count++;
    this.#offsets[line] = this.#read + begin;
    this.#lengths[line] = end - begin;
    this.#workers[line] = workerNumber(worker);
    this.#levels[line] = levelLetters.indexOf(level);
  }

  #addText(text: string): void {
    const bytes = Buffer.from(text);
    this.#texts.add(bytes, 0, bytes.length);
  }

  #grow(): void {
    const size = this.#offsets.length * 2;
    const grown = <Numbers extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(
      numbers: Numbers,
      to: Numbers,
    ): Numbers => {
      to.set(numbers);
      return to;
    };
    this.#offsets = grown(this.#offsets, new Float64Array(size));
    this.#lengths = grown(this.#lengths, new Uint32Array(size));
    this.#workers = grown(this.#workers, new Uint16Array(size));
    this.#levels = grown(this.#levels, new Uint8Array(size));
  }
}

type SearchOptions = {
  from: number;
  backward: boolean;
  signal: AbortSignal;
  passes?: (line: number) => boolean;
};

const levelLetters = ["d", "i", "w", "e"];
const levelNumbers = { debug: 0, info: 1, warning: 2, error: 3 };

const workerNumber = (worker: number) => worker & 0xffff;

/** One that is no event, as it was cut, is shown as it stands. */
function parsedLog(json: string): LogLine {
  try {
    const { data } = runEventSchema.safeParse(JSON.parse(json));
    if (data?.kind === "log") return { worker: data.worker, level: data.level, time: data.time, text: data.text };
  } catch {
    // no JSON
  }
  return { worker: 0, level: "error", time: "", text: `(this line of the log cannot be read) ${json}` };
}
