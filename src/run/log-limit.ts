import type { Diagnostic } from "../core/diagnostic.ts";

/** How much a run's workers may write in all before the rest is thrown away, so that a loop that prints fills no disk. */
export class LogLimit {
  readonly #bytes: number;
  readonly #onPassed: (diagnostic: Diagnostic) => void;
  #left: number;

  /** `onPassed` is called once. */
  constructor(bytes: number, onPassed: (diagnostic: Diagnostic) => void) {
    this.#bytes = bytes;
    this.#left = bytes;
    this.#onPassed = onPassed;
  }

  /** Those of the lines that are kept: the first ones, while there is room. */
  take(lines: readonly string[]): readonly string[] {
    if (this.#left <= 0) return [];
    for (const [index, line] of lines.entries()) {
      this.#left -= Buffer.byteLength(line) + 1;
      if (this.#left > 0) continue;
      this.#onPassed(tooLong(this.#bytes));
      return lines.slice(0, index);
    }
    return lines;
  }
}

function tooLong(bytes: number): Diagnostic {
  return {
    severity: "warning",
    origin: "log",
    code: "LOG_TOO_LONG",
    message: `The workers wrote more than ${bytes / 1e6} MB; the rest of their log is not kept. Print less in the functions.`,
    related: [],
  };
}
