import type { ErrorParts } from "../../core/error.ts";
import { type Trace, TracedError } from "../traced-error.ts";
import { Standstill } from "./standstill.ts";
import type { WorkerSlot } from "./worker-slot.ts";

type Options = {
  slot: WorkerSlot;
  /** What is computed, in words, and a row of it. */
  place: string;
  placeOfRow: (row: number, name: string) => string;
  seconds: number | undefined;
  /** Names, in lower case, of functions that are given every row once and in order. */
  inOrder: { has(name: string): boolean };
};

/** Work took longer than it may. */
export class TookTooLong extends TracedError {
  /** The function that was being computed then. */
  readonly function: string | undefined;

  constructor(name: string | undefined, trace: Trace, parts: ErrorParts) {
    super("WORKER_TIMEOUT", parts, trace);
    this.function = name;
  }
}

/**
 * Asks a worker for something, and ends it when that takes longer than it may. Throws what it throws, or TookTooLong with
 * where it was. The run's log says when a function does not return, with or without a limit.
 */
export async function withinLimit<Result>(options: Options, ask: () => Promise<Result>): Promise<Result> {
  await options.slot.open(); // a worker's start is not the work's time
  const limit = new TimeLimit(options);
  try {
    return await ask();
  } catch (error) {
    throw (await limit.error) ?? error;
  } finally {
    await limit.clear();
  }
}

/** Ends the worker once it has said where it is. */
class TimeLimit {
  readonly #options: Options;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #standstill: Standstill;
  #error: Promise<TookTooLong> | undefined;

  constructor(options: Options) {
    this.#options = options;
    const { seconds } = options;
    this.#standstill = new Standstill(options);
    if (seconds !== undefined) this.#timer = setTimeout(() => this.#end(), seconds * 1000);
  }

  /** Why the worker was ended; undefined where the limit has not passed. */
  get error(): Promise<TookTooLong> | undefined {
    return this.#error;
  }

  async clear(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#standstill.end();
  }

  #end(): void {
    const { slot, place: whole, placeOfRow, seconds, inOrder } = this.#options;
    const asked = this.#standstill.end().then(() => slot.whereabouts());
    this.#error = asked.then((place) => {
      const name = place?.function;
      const at = name === undefined ? "" : `, in ${name}()`;
      const row = place && inOrder.has(name?.toLowerCase() ?? "") ? slot.rowOf(place) : undefined;
      const trace = { ...(place?.trace ?? { module: "", frames: [] }), ...(row === undefined ? {} : { row }) };
      return new TookTooLong(name, trace, {
        what: `the worker was ended: this took longer than ${seconds} s${at}`,
        where: row === undefined ? whole : placeOfRow(row, name ?? ""),
        next:
          name === undefined
            ? "Look for a function that does not return there, or give a longer --timeout."
            : "See why it does not return there, or give a longer --timeout.",
      });
    });
    const kill = () => slot.kill();
    this.#error.then(kill, kill);
  }
}
