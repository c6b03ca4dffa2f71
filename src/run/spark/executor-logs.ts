import { setTimeout as delay } from "node:timers/promises";
import { FollowedLog } from "./followed-log.ts";
import { standaloneLog } from "./standalone-log.ts";
import { yarnLog } from "./yarn-log.ts";

/** The driver waits longer before it stops the session, with which YARN drops the logs. */
const catchUpMilliseconds = 6000;

/** Follows what executors write to stderr, as the cluster's machines give it over HTTP, each on its own. */
export class ExecutorLogs {
  readonly #onLines: (executor: string, lines: readonly string[]) => void;
  readonly #known = new Set<string>();
  readonly #followed = new Map<string, FollowedLog>();

  constructor(onLines: (executor: string, lines: readonly string[]) => void) {
    this.#onLines = onLines;
  }

  /** `page` is what Spark links to; clusters of other kinds have pages that are left alone. */
  add(executor: string, page: string): void {
    if (this.#known.has(executor) || !URL.canParse(page)) return;
    const url = new URL(page);
    const source = standaloneLog(url) ?? yarnLog(url);
    if (!source) return;
    this.#known.add(executor);
    const log = new FollowedLog({
      source,
      onLines: (lines) => this.#onLines(executor, lines),
      onOver: () => this.#followed.delete(executor),
    });
    this.#followed.set(executor, log);
  }

  /** What an executor that is gone has written is read once more. */
  gone(executor: string): void {
    this.#followed.get(executor)?.gone();
  }

  /** Everything that is there by now has been told when it returns, but for machines that give no answer. Never rejects. */
  async catchUp(): Promise<void> {
    const enough = new AbortController();
    const limit = delay(catchUpMilliseconds, undefined, { signal: enough.signal }).catch(() => undefined);
    await Promise.race([Promise.all([...this.#followed.values()].map((log) => log.catchUp())), limit]);
    enough.abort();
  }

  /** Reads what is there by now, and no more: nothing is told after it returns. */
  async close(): Promise<void> {
    await this.catchUp();
    await Promise.all([...this.#followed.values()].map((log) => log.stop()));
  }
}
