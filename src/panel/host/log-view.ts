import { existsSync } from "node:fs";
import type { LogFilter, LogLine } from "../protocol.ts";
import { LogIndex } from "./log-index.ts";

export type LogSize = { filter: number; lines: number; passing: number };

const all: LogFilter = { workers: [], levels: [], text: "" };

/** The log of a run as it is shown: the lines that pass the filter, by their position among these. */
export class LogView {
  readonly #index: LogIndex;
  readonly #path: string;
  readonly #onSize: (size: LogSize) => void;
  #filter = { number: 0, by: all };
  /** Numbers of the lines that pass; undefined while all do. */
  #passing: Uint32Array | undefined;
  #filtering = new AbortController();
  #growing: Promise<void> | undefined;
  #again = false;
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
    this.#filter = { number, by };
    await this.#applyFilter();
  }

  async window(first: number, count: number): Promise<LogLine[]> {
    const passing = this.#passing;
    const size = passing?.length ?? this.#index.count;
    const positions = Array.from({ length: Math.max(0, Math.min(count, size - first)) }, (_, index) => first + index);
    return this.#index.lines(positions.map((position) => passing?.[position] ?? position));
  }

  /** A position; undefined where no line that passes has the text. */
  async search(options: { text: string; from: number; backward: boolean }): Promise<number | undefined> {
    const { text, from, backward } = options;
    const { signal } = this.#filtering;
    const passing = this.#passing;
    if (!passing) return this.#index.search(text, { from, backward, signal });
    for (let line = passing[from]; line !== undefined; ) {
      const found = await this.#index.search(text, { from: line, backward, signal });
      if (found === undefined) return undefined;
      const position = positionOf(passing, found);
      if (passing[position] === found) return position;
      line = backward ? passing[position - 1] : passing[position]; // the next one that passes
    }
    return undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#filtering.abort();
    await this.#index.close();
  }

  async #update(): Promise<void> {
    if (this.#closed || !existsSync(this.#path)) return;
    const before = this.#index.count;
    await this.#index.update(() => {
      if (!this.#passing) this.#tell();
    });
    if (this.#closed) return;
    if (this.#index.count !== before && this.#filter.by !== all) await this.#applyFilter();
    this.#tell();
  }

  async #applyFilter(): Promise<void> {
    this.#filtering.abort();
    const mine = new AbortController();
    this.#filtering = mine;
    const passing = await this.#index.filter(this.#filter.by, mine.signal);
    if (mine.signal.aborted) return;
    this.#passing = passing;
    this.#tell();
  }

  #tell(): void {
    const { count } = this.#index;
    this.#onSize({ filter: this.#filter.number, lines: count, passing: this.#passing?.length ?? count });
  }
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
