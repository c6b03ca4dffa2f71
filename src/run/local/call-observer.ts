import type { Trace } from "../traced-error.ts";

/** What a stub tells of a function that failed: the shape of `RowError` in src/stubs/runtime/duckdb.ts. */
export type StubFailure = {
  function: string;
  row: number | undefined;
  message: string;
  frames: readonly number[];
  signal?: number;
  values?: readonly string[];
};

/** A function that failed at a row. */
export type RowFailure = {
  function: string;
  message: string;
  /** How many rows the function had been given before this one in the query, all its calls together. */
  place: number | undefined;
  /** The rows that it was given together with this one, in the same count. */
  chunk: { begin: number; end: number };
  trace: Trace;
};

type Options = {
  /** Whether failures have the values of their arguments. */
  values: boolean;
  /** The query goes on after a failure, to find others; its result is of no use then. */
  goesOn: boolean;
  /** Called before a function is given rows, with how many it has been given before. */
  onGiven?: (name: string, chunk: { begin: number; end: number }) => void;
};

/** Follows the functions' calls in one query. */
export class CallObserver {
  /** Whether failures have the values of their arguments. */
  readonly values: boolean;
  readonly #options: Options;
  readonly #given = new Map<string, number>();
  readonly #failures: RowFailure[] = [];
  #chunk = { begin: 0, end: 0 };

  constructor(options: Options) {
    this.values = options.values;
    this.#options = options;
  }

  get failures(): readonly RowFailure[] {
    return this.#failures;
  }

  /** Rows that a function has been given in the query. */
  rowsGivenTo(name: string): number {
    return this.#given.get(name) ?? 0;
  }

  given(name: string, rows: number): void {
    const begin = this.rowsGivenTo(name);
    this.#chunk = { begin, end: begin + rows };
    this.#given.set(name, this.#chunk.end);
    this.#options.onGiven?.(name, this.#chunk);
  }

  failed(module: string, failure: StubFailure): boolean {
    const { row, signal, values, frames } = failure;
    this.#failures.push({
      function: failure.function,
      message: messageOf(failure),
      place: row === undefined ? undefined : this.#chunk.begin + row,
      chunk: this.#chunk,
      trace: {
        ...{ module, frames: [...frames] },
        ...(signal === undefined ? {} : { signal }),
        ...(values === undefined ? {} : { values: [...values] }),
      },
    });
    return this.#options.goesOn;
  }
}

function messageOf({ message }: StubFailure): string {
  return message.trim() === "" ? "the function threw an exception without a text" : message;
}
