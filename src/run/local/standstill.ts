import { setTimeout as delay } from "node:timers/promises";
import type { CrashPlace } from "./crash-file.ts";
import type { WorkerSlot } from "./worker-slot.ts";

type Options = {
  slot: WorkerSlot;
  /** What is computed, in words, and a row of it. */
  place: string;
  placeOfRow: (row: number, name: string) => string;
  /** Names, in lower case, of functions that are given every row once and in order. */
  inOrder: { has(name: string): boolean };
};

/**
 * Says once, in the run's log, that a worker stands still: that a function does not return. Without it nothing would tell a
 * function that never does from one that is slow. A worker that has said nothing for a while is asked where it is, which
 * it goes on with, and again after a while.
 */
export class Standstill {
  readonly #options: Options;
  readonly #over = new AbortController();
  readonly #watching: Promise<void>;

  constructor(options: Options) {
    this.#options = options;
    this.#watching = this.#watch().catch(() => undefined);
  }

  /** Resolves when nobody asks the worker any more. */
  async end(): Promise<void> {
    this.#over.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { slot, place } = this.#options;
    const seconds = slot.stillSeconds;
    if (seconds === undefined) return;
    let before: CrashPlace | undefined;
    for (;;) {
      const since = performance.now();
      await delay(seconds * 1000, undefined, { signal: this.#over.signal, ref: false });
      const now = slot.heardAt > since ? undefined : await slot.look();
      if (this.#over.signal.aborted) return;
      if (now && before && isSamePlace(now, before)) return slot.warnOnce(place, this.#text(now, seconds));
      before = now;
    }
  }

  #text(now: CrashPlace, seconds: number): string {
    const { slot, place, placeOfRow, inOrder } = this.#options;
    const name = now.function ?? "";
    const row = inOrder.has(name.toLowerCase()) ? slot.rowOf(now) : undefined;
    const where = row === undefined ? place : placeOfRow(row, name);
    return `${where}: ${name}() has not returned for ${seconds} s. The run waits for it; with "--timeout SECONDS" it would be ended.`;
  }
}

/** Only in a function: DuckDB's own work comes to an end. */
function isSamePlace(one: CrashPlace, other: CrashPlace): boolean {
  return (
    one.function !== undefined &&
    one.function === other.function &&
    one.rowsBefore === other.rowsBefore &&
    one.row === other.row
  );
}
