import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../../core/error.ts";
import { LineSplitter } from "../line-splitter.ts";

type Followed = { executor: string; url: URL; offset: number; lines: LineSplitter; isTold: boolean };

const intervalMilliseconds = 300;
const mostBytes = 1 << 20;
/** What stands before the text. Source: Spark's deploy/worker/ui/LogPage.scala, `renderLog`. */
const header = /^==== Bytes (\d+)-(\d+) of (\d+) of [^\n]*====\n/;

/**
 * Follows what executors write to stderr, as the workers of a standalone cluster give it over HTTP: the page `log`
 * beside the page for people, which Spark names for each executor.
 */
export class ExecutorLogs {
  readonly #onLines: (executor: string, lines: readonly string[]) => void;
  readonly #followed = new Map<string, Followed>();
  readonly #ended = new AbortController();
  readonly #loop: Promise<void>;

  constructor(onLines: (executor: string, lines: readonly string[]) => void) {
    this.#onLines = onLines;
    this.#loop = this.#follow();
  }

  /** `page` is what Spark links to; other kinds of clusters have pages of their own, which are left alone. */
  add(executor: string, page: string): void {
    if (this.#followed.has(page) || !URL.canParse(page)) return;
    const url = new URL(page);
    if (!/\/logPage\/?$/.test(url.pathname)) return;
    url.pathname = url.pathname.replace(/\/logPage\/?$/, "/log/");
    this.#followed.set(page, { executor, url, offset: 0, lines: new LineSplitter(), isTold: false });
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

  async #readAll(): Promise<void> {
    await Promise.all(
      [...this.#followed.values()].map((each) =>
        this.#read(each).catch((error: unknown) => this.#refused(each, error)),
      ),
    );
  }

  /** A log that was never read is told of, once; an executor's worker that is gone has taken its own with it. */
  #refused(followed: Followed, error: unknown): void {
    if (followed.offset > 0 || followed.isTold) return;
    followed.isTold = true;
    this.#tell(followed.executor, [`its log at ${followed.url.href} cannot be read: ${messageOf(error)}`]);
  }

  async #read(followed: Followed): Promise<void> {
    for (let more = true; more; ) {
      const url = new URL(followed.url);
      url.searchParams.set("offset", String(followed.offset));
      url.searchParams.set("byteLength", String(mostBytes));
      const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
      if (!response.ok) return;
      const bytes = Buffer.from(await response.arrayBuffer());
      const match = header.exec(bytes.subarray(0, 4096).toString("utf8"));
      if (!match) return;
      const [begin = 0, end = 0, total = 0] = match.slice(1).map(Number);
      if (end <= followed.offset) return;
      const text = bytes.subarray(Buffer.byteLength(match[0])).subarray(Math.max(0, followed.offset - begin));
      if (text.length === 0) return;
      this.#tell(followed.executor, followed.lines.write(text));
      // an executor that is ending may give less than it says
      followed.offset = Math.min(end, followed.offset + text.length);
      more = followed.offset < total;
    }
  }

  #tell(executor: string, lines: readonly string[]): void {
    if (lines.length > 0) this.#onLines(executor, lines);
  }
}
