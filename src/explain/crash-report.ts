import type { CrashLine } from "./crash-lines.ts";
import type { Failure, RawFrame, Weight } from "./failure.ts";
import type { NativePlace } from "./native-lines.ts";
import { readFrame } from "./python-traceback.ts";

const thread = /^(Current thread|Thread) 0x[0-9a-f]+.*\(most recent call first\):\s*$/;

/** Reads what a process says as it dies, a line at a time. */
export class CrashReport {
  #line: CrashLine;
  readonly #weight: Weight;
  #frames: RawFrame[] = [];
  #detail: string | undefined;
  #inThread = false;
  #seenCurrent = false;

  constructor(line: CrashLine, weight: Weight) {
    this.#line = line;
    this.#weight = weight;
  }

  /** False where the crash is none of a module of native-udf. */
  placed(native: NativePlace): boolean {
    if (!this.#line.native) return false;
    this.#line = { ...this.#line, native };
    return true;
  }

  /** True where the line belongs to the report. */
  take(text: string): boolean {
    const what = /^\s*what\(\):\s*(.*)$/.exec(text)?.[1];
    if (what !== undefined) {
      this.#detail = what;
      return true;
    }
    const which = thread.exec(text)?.[1];
    if (which) {
      this.#inThread = which === "Current thread" || (!this.#seenCurrent && this.#frames.length === 0);
      if (which === "Current thread") {
        this.#seenCurrent = true;
        this.#frames = [];
      }
      return true;
    }
    const called = readFrame(text);
    if (called && this.#inThread) this.#frames.push(called);
    if (called) return true;
    if (text.trim() !== "" && !/^\s/.test(text) && this.#frames.length > 0) this.#inThread = false;
    return false;
  }

  failure(): Failure {
    const { signal, message, native } = this.#line;
    const told = { kind: "crash", side: "worker", type: signal, message, native } as const;
    return { ...told, frames: this.#frames.toReversed(), weight: this.#weight, detail: this.#detail };
  }
}
