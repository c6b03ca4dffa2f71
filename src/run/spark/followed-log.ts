import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../../core/error.ts";
import { LineSplitter } from "../line-splitter.ts";
import { LogRefused, type LogSource } from "./log-source.ts";

type Options = {
  source: LogSource;
  onLines: (lines: readonly string[]) => void;
  /** Called once, when the log is asked for no more. */
  onOver: () => void;
};

const intervalMilliseconds = 300;
const longestPauseMilliseconds = 10_000;
/** Of a log that was never read. */
const mostFailures = 3;

/** One log that is read again and again: after failures ever more seldom, and once more when its executor is gone. */
export class FollowedLog {
  readonly #options: Options;
  readonly #lines = new LineSplitter();
  readonly #stopped = new AbortController();
  readonly #following: Promise<void>;
  /** One look after the other: two at once would tell the same lines. It is never rejected. */
  #looking: Promise<void> = Promise.resolve();
  #offset = 0;
  #failures = 0;
  #isSilent = false;
  #isGone = false;
  #isOver = false;

  constructor(options: Options) {
    this.#options = options;
    this.#following = this.#follow();
  }

  /** The executor writes no more. */
  gone(): void {
    this.#isGone = true;
  }

  /** What is there by now has been told when it returns, unless the machine gives no answer. */
  async catchUp(): Promise<void> {
    if (this.#isSilent) return;
    await this.#looking;
    if (!this.#isSilent) await this.#look();
  }

  /** Nothing is told after it returns. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#following;
    await this.#looking;
    this.#end();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await this.#look();
      const pause = Math.min(longestPauseMilliseconds, intervalMilliseconds * 2 ** this.#failures);
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  #look(): Promise<void> {
    this.#looking = this.#looking.then(async () => {
      if (this.#stopped.signal.aborted) return;
      const isLast = this.#isGone;
      try {
        await this.#read();
        this.#failures = 0;
        this.#isSilent = false;
      } catch (error) {
        this.#failed(error);
      }
      if (isLast || (this.#offset === 0 && this.#failures >= mostFailures)) this.#end();
    });
    return this.#looking;
  }

  async #read(): Promise<void> {
    const { source } = this.#options;
    for (let more = true; more; ) {
      const part = await source.read(this.#offset, this.#stopped.signal);
      if (!part || part.text.length === 0) return;
      const skipped = part.offset - this.#offset;
      this.#offset = part.offset + part.text.length;
      if (skipped > 0) this.#tell([`${skipped} bytes of its log were too many at once, and are left out`]);
      this.#tell(this.#lines.write(part.text));
      more = part.more;
    }
  }

  /** A log that was never read is told of, once; one whose machine or application is gone has taken its own with it. */
  #failed(error: unknown): void {
    if (this.#stopped.signal.aborted) return;
    this.#failures++;
    this.#isSilent = !(error instanceof LogRefused);
    if (this.#offset > 0 || this.#failures > 1) return;
    this.#tell([`its log at ${this.#options.source.url.href} cannot be read: ${messageOf(error)}`]);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopped.abort();
    this.#tell(this.#lines.end());
    this.#options.onOver();
  }

  #tell(lines: readonly string[]): void {
    if (lines.length === 0) return;
    try {
      this.#options.onLines(lines);
    } catch {
      // where lines cannot be told, this cannot be told either
    }
  }
}
