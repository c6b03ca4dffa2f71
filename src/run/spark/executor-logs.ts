import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../../core/error.ts";
import { LineSplitter } from "../line-splitter.ts";
import type { LogSource } from "./log-source.ts";
import { standaloneLog } from "./standalone-log.ts";
import { yarnLog } from "./yarn-log.ts";

type Followed = { executor: string; source: LogSource; offset: number; lines: LineSplitter; refusals: number };

const intervalMilliseconds = 300;
/** A machine that cannot be reached makes each look wait, and the run's end with it. */
const mostRefusals = 3;

/** Follows what executors write to stderr, as the cluster's machines give it over HTTP. */
export class ExecutorLogs {
  readonly #onLines: (executor: string, lines: readonly string[]) => void;
  readonly #followed = new Map<string, Followed>();
  readonly #ended = new AbortController();
  readonly #loop: Promise<void>;
  #reading: Promise<void> = Promise.resolve();

  constructor(onLines: (executor: string, lines: readonly string[]) => void) {
    this.#onLines = onLines;
    this.#loop = this.#follow();
  }

  /** `page` is what Spark links to; clusters of other kinds have pages that are left alone. */
  add(executor: string, page: string): void {
    if (this.#followed.has(page) || !URL.canParse(page)) return;
    const url = new URL(page);
    const source = standaloneLog(url) ?? yarnLog(url);
    if (!source) return;
    this.#followed.set(page, { executor, source, offset: 0, lines: new LineSplitter(), refusals: 0 });
  }

  /** Everything that is there by now has been told when it returns. */
  catchUp(): Promise<void> {
    return this.#readAll();
  }

  /** Reads what is there by now, and no more. */
  async close(): Promise<void> {
    this.#ended.abort();
    await this.#loop;
    await this.#readAll();
    for (const { executor, lines } of this.#followed.values()) this.#tell(executor, lines.end());
  }

  async #follow(): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      await this.#readAll();
      await delay(intervalMilliseconds, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One after the other: two at once would tell the same lines. */
  #readAll(): Promise<void> {
    this.#reading = this.#reading.then(async () => {
      await Promise.all(
        [...this.#followed.values()]
          .filter(({ refusals }) => refusals < mostRefusals)
          .map((each) => this.#read(each).catch((error: unknown) => this.#refused(each, error))),
      );
    });
    return this.#reading;
  }

  /** A log that was never read is told of, once, and left; one whose machine or application is gone has taken its own with it. */
  #refused(followed: Followed, error: unknown): void {
    if (followed.offset > 0) return;
    followed.refusals++;
    if (followed.refusals > 1) return;
    this.#tell(followed.executor, [`its log at ${followed.source.url.href} cannot be read: ${messageOf(error)}`]);
  }

  async #read(followed: Followed): Promise<void> {
    for (let more = true; more; ) {
      const part = await followed.source.read(followed.offset);
      if (!part || part.text.length === 0) return;
      const skipped = part.offset - followed.offset;
      if (skipped > 0)
        this.#tell(followed.executor, [`${skipped} bytes of its log were too many at once, and are left out`]);
      this.#tell(followed.executor, followed.lines.write(part.text));
      followed.offset = part.offset + part.text.length;
      more = part.more;
    }
  }

  #tell(executor: string, lines: readonly string[]): void {
    if (lines.length > 0) this.#onLines(executor, lines);
  }
}
