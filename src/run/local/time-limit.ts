import type { UdfError } from "../../core/error.ts";
import { errorAt } from "../traced-error.ts";
import { formatRange, formatRow, type RowRange } from "./row-ranges.ts";
import type { WorkerSlot } from "./worker-slot.ts";

type Options = {
  slot: WorkerSlot;
  range: RowRange;
  seconds: number | undefined;
  /** Names, in lower case, of functions that are given every row once and in order. */
  inOrder: ReadonlySet<string>;
};

/** Ends the worker when a part takes longer than it may, once it has said where it is. */
export class TimeLimit {
  readonly #options: Options;
  readonly #timer: NodeJS.Timeout | undefined;
  #error: Promise<UdfError> | undefined;

  constructor(options: Options) {
    this.#options = options;
    const { seconds } = options;
    if (seconds !== undefined) this.#timer = setTimeout(() => this.#end(), seconds * 1000);
  }

  /** Why the worker was ended; undefined where the limit has not passed. */
  get error(): Promise<UdfError> | undefined {
    return this.#error;
  }

  clear(): void {
    clearTimeout(this.#timer);
  }

  #end(): void {
    const { slot, range, seconds, inOrder } = this.#options;
    this.#error = slot.whereabouts().then((place) => {
      const name = place?.function;
      const at = name === undefined ? "" : `, in ${name}()`;
      const row = place && inOrder.has(name?.toLowerCase() ?? "") ? slot.rowOf(place) : undefined;
      return errorAt(place?.trace, "WORKER_TIMEOUT", {
        what: `the worker was ended: this part took longer than ${seconds} s${at}`,
        where: row === undefined ? formatRange(range) : formatRow(range, row),
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
