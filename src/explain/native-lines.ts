import { type Told, takeTold } from "../core/native-failure.ts";
import type { CrashLine } from "./crash-lines.ts";

/** Where a function of a native-udf module was when it failed, as its artifact and its stub tell. */
export type NativePlace = {
  module: string;
  /** The artifact's file name, where it is told. */
  artifact?: string | undefined;
  /** Addresses in the artifact, innermost first. */
  frames: readonly number[];
  /** Of the task's partition, from 0. */
  row?: number | undefined;
  partition?: number | undefined;
};

/** A function threw, or its process ended; or where an end that is known already was. */
export type NativeFound = { kind: "thrown" | "place"; place: NativePlace } | { kind: "end"; end: CrashLine };

const signals: Readonly<Record<number, string>> = {
  4: "SIGILL",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  11: "SIGSEGV",
};

/** Reads the lines for programs that native-udf's own modules leave in a failure's text. */
export class NativeLines {
  #artifact: string | undefined;
  #partition: number | undefined;

  take(text: string): NativeFound | undefined {
    const told: Told = {};
    if (!takeTold(told, text)) return undefined;
    const { rowError, timeout, task, crash } = told;
    const about = rowError ?? timeout ?? task;
    if (about) {
      this.#artifact = about.artifact;
      this.#partition = about.partition ?? undefined;
    }
    if (rowError) {
      const { module, frames, row } = rowError;
      return { kind: "thrown", place: { ...this.#task(), module, frames, row: row ?? undefined } };
    }
    if (timeout) {
      const { module = "", function: name = module, seconds } = timeout;
      const message = `${name}() has not returned from a batch of rows within ${seconds} s`;
      return { kind: "end", end: { signal: "Timeout", message, native: { ...this.#task(), module, frames: [] } } };
    }
    return crash && this.#crashed(crash);
  }

  #task(): Pick<NativePlace, "artifact" | "partition"> {
    return { artifact: this.#artifact, partition: this.#partition };
  }

  #crashed({
    module,
    function: name,
    frames,
    row,
    rowsBefore,
    signal,
    cause,
  }: NonNullable<Told["crash"]>): NativeFound {
    const of = row === undefined || row < 0 ? undefined : row + (rowsBefore ?? 0);
    const place = { ...this.#task(), module, frames, row: of };
    if (cause === undefined) return { kind: "place", place };
    const message = `${name === undefined ? module : `${name}()`}: ${cause}`;
    return { kind: "end", end: { signal: signals[signal ?? 0] ?? null, message, native: place } };
  }
}
