import { existsSync } from "node:fs";
import type { LogFilter, LogLine } from "../protocol.ts";
import { LogIndex } from "./log-index.ts";

/** The page is told so often at most while a log grows: nobody reads faster. */
const tellMilliseconds = 100;

export type LogSize = { filter: number; lines: number; passing: number };

/** A filter, and the lines that pass it as far as they have been looked at; undefined where all do. */
type Selection = { number: number; by: LogFilter; looked: number; passing: Uint32Array | undefined };

/** The log of a run as it is shown: the lines that pass the filter, by their position among these. */
export class LogView {
  readonly #path: string;
  readonly #onSize: (size: LogSize) => void;
  #index: LogIndex;
  #shown: Selection = { number: 0, by: { workers: [], levels: [], text: "" }, looked: 0, passing: undefined };
  /** Ends when another filter is wanted: what is searched among these lines is of no use then. */
  #filtering = new AbortController();
  #selecting: Promise<void> = Promise.resolve();
  #growing: Promise<void> | undefined;
  #again = false;
  #telling: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(path: string, onSize: (size: LogSize) => void) {
    this.#path = path;
    this.#index = new LogIndex(path);
    this.#onSize = onSize;
  }

  /** The file may have got longer. */
  grow(): void {
    if (this.#growing) {
      this.#again = true;
      return;
    }
    this.#growing = this.#update().finally(() => {
      this.#growing = undefined;
      if (this.#again && !this.#closed) {
        this.#again = false;
        this.grow();
      }
    });
    this.#growing.catch(() => undefined); // told by finish()
  }

  /** Reads the rest. */
  async finish(): Promise<void> {
    await this.#growing;
    await this.#update();
  }

  async setFilter(number: number, by: LogFilter): Promise<void> {
    const isNeeded = by.workers.length > 0 || by.levels.length > 0 || by.text !== "";
    this.#stopFiltering();
    await this.#select({ number, by, looked: 0, passing: isNeeded ? new Uint32Array() : undefined });
  }

  async window(first: number, count: number): Promise<LogLine[]> {
    const { passing } = this.#shown;
    const size = passing?.length ?? this.#index.count;
    const positions = Array.from({ length: Math.max(0, Math.min(count, size - first)) }, (_, index) => first + index);
    return this.#index.lines(positions.map((position) => passing?.[position] ?? position));
  }

  /** A position; undefined where no line that passes has the text. */
  async search(options: { text: string; from: number; backward: boolean }): Promise<number | undefined> {
    const { text, backward } = options;
    const { signal } = this.#filtering;
    const { passing } = this.#shown;
    if (!passing) return this.#index.search(text, { from: options.from, backward, signal });
    const from = passing[backward ? Math.min(options.from, passing.length - 1) : options.from];
    if (from === undefined) return undefined;
    const passes = (line: number) => passing[positionOf(passing, line)] === line;
    const found = await this.#index.search(text, { from, backward, signal, passes });
    return found === undefined ? undefined : positionOf(passing, found);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#filtering.abort();
    clearTimeout(this.#telling);
    await this.#index.close();
  }

  async #update(): Promise<void> {
    if (this.#closed || !existsSync(this.#path)) return;
    if (await this.#index.isCut()) await this.#beginAnew();
    await this.#index.update(() => {
      this.#telling ??= setTimeout(() => this.#tell(), tellMilliseconds);
    });
    if (!this.#closed) await this.#select();
  }

  /** Looks with a filter, or with the one that there is, at the lines that it has not looked at. One after the other. */
  #select(wanted?: Selection): Promise<void> {
    const { signal } = this.#filtering;
    const earlier = this.#selecting.catch(() => undefined); // told to whoever wanted it
    this.#selecting = earlier.then(async () => {
      if (signal.aborted) return;
      const { number, by, looked, passing } = wanted ?? this.#shown;
      const to = this.#index.count;
      const more = passing && (await this.#index.filter(by, { from: looked, to, signal }));
      if (signal.aborted) return;
      this.#shown = { number, by, looked: to, passing: more && passing && joined(passing, more) };
      this.#tell();
    });
    return this.#selecting;
  }

  /** The file was cut: what is known of it is no more. */
  async #beginAnew(): Promise<void> {
    this.#stopFiltering();
    await this.#index.close();
    this.#index = new LogIndex(this.#path);
    const { number, by, passing } = this.#shown;
    this.#shown = { number, by, looked: 0, passing: passing && new Uint32Array() };
    this.#tell();
  }

  #stopFiltering(): void {
    this.#filtering.abort();
    this.#filtering = new AbortController();
  }

  #tell(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    if (this.#closed) return;
    const { count } = this.#index;
    const { number, passing } = this.#shown;
    this.#onSize({ filter: number, lines: count, passing: passing?.length ?? count });
  }
}

function joined(first: Uint32Array, second: Uint32Array): Uint32Array {
  if (second.length === 0) return first;
  const both = new Uint32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** Where a number is, or would be, in rising numbers. */
function positionOf(numbers: Uint32Array, wanted: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
