import { workerName } from "../core/events.ts";

/** A call in a stack trace of Java's, and what stands for more of them. */
const javaCall = /^\s+at (?:[\w.-]+\/\/?)?[\w.$<>/]+\(|^\s*\.\.\. \d+ more$/;

/** Lines of workers' logs for people: runs of Java's calls, which no author can change, are told by their number. */
export class FoldedLog {
  readonly #note: (text: string) => void;
  #worker: number | undefined;
  #folded = 0;

  constructor(note: (text: string) => void) {
    this.#note = note;
  }

  add(worker: number, text: string): void {
    if (worker !== this.#worker) this.end();
    this.#worker = worker;
    if (javaCall.test(text)) {
      this.#folded++;
      return;
    }
    this.end();
    this.#note(`${workerName(worker)} │ ${text}`);
  }

  /** Something else follows. */
  end(): void {
    const folded = this.#folded;
    this.#folded = 0;
    if (folded === 0 || this.#worker === undefined) return;
    this.#note(
      `${workerName(this.#worker)} │   … ${folded === 1 ? "a call" : `${folded} calls`} in Java (the log has them)`,
    );
  }
}
