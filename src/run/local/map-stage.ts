import { rmSync } from "node:fs";
import { UdfError } from "../../core/error.ts";
import type { DataFormat } from "../../core/job.ts";
import type { EventLog } from "../event-log.ts";
import { errorAt, traceOf } from "../traced-error.ts";
import type { RequestOf } from "./messages.ts";
import { formatFiles, formatRange, lastRow, type RowRange } from "./row-ranges.ts";
import { unfinished } from "./unfinished.ts";
import { WorkerDied } from "./worker-process.ts";
import type { WorkerSlot } from "./worker-slot.ts";

const progressMilliseconds = 100;
/** How long the parts that other workers compute may still take after the run has failed. */
const graceMilliseconds = 10_000;

export type MapOptions = {
  slots: readonly WorkerSlot[];
  ranges: readonly RowRange[];
  /** Numbers of parts that an earlier run has done. */
  done: ReadonlySet<number>;
  sql: string;
  format: DataFormat;
  /** The parts are the result. */
  final: boolean;
  partPath: (part: number) => string;
  retries: number;
  timeoutSeconds: number | undefined;
  log: EventLog;
  signal: AbortSignal;
};

/**
 * Computes all parts. After a crash no part is begun any more, those that are being computed are finished, then it
 * throws; an exception of a function ends all at once.
 */
export async function mapStage(options: MapOptions): Promise<void> {
  await new MapStage(options).run();
}

type Limit = { passed: boolean; error: UdfError | undefined; clear(): void };
const noLimit: Limit = { passed: false, error: undefined, clear: () => undefined };

class MapStage {
  readonly #options: MapOptions;
  readonly #queue: { range: RowRange; attempt: number }[];
  readonly #running = new Map<number, { rows: number; fraction: number }>();
  readonly #totalRows: number;
  #doneRows = 0;
  #shownRows = 0;
  #doneParts: number;
  #failure: unknown;

  constructor(options: MapOptions) {
    this.#options = options;
    const { ranges, done } = options;
    this.#queue = ranges.filter(({ part }) => !done.has(part)).map((range) => ({ range, attempt: 1 }));
    this.#totalRows = ranges.reduce((sum, { count }) => sum + count, 0);
    this.#doneRows = ranges.filter(({ part }) => done.has(part)).reduce((sum, { count }) => sum + count, 0);
    this.#doneParts = done.size;
  }

  async run(): Promise<void> {
    const { slots } = this.#options;
    const progress = setInterval(() => this.#report(), progressMilliseconds);
    let grace: NodeJS.Timeout | undefined;
    const failed = (error: unknown) => {
      this.#failure ??= error;
      const crashed = error instanceof UdfError && error.code === "WORKER_CRASHED";
      const kill = () => {
        for (const slot of slots) slot.kill();
      };
      if (crashed) grace ??= setTimeout(kill, graceMilliseconds);
      else kill();
    };
    try {
      await Promise.all(slots.map((slot) => this.#work(slot).catch(failed)));
    } finally {
      clearInterval(progress);
      clearTimeout(grace);
    }
    this.#options.signal.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
    this.#report();
  }

  async #work(slot: WorkerSlot): Promise<void> {
    for (;;) {
      if (this.#failure !== undefined || this.#options.signal.aborted) return;
      const next = this.#queue.shift();
      if (!next) return;
      await this.#compute(slot, next);
    }
  }

  async #compute(slot: WorkerSlot, next: { range: RowRange; attempt: number }): Promise<void> {
    const { log, retries, signal } = this.#options;
    const { range, attempt } = next;
    const { part, first, count } = range;
    const started = performance.now();
    const ended = (outcome: "succeeded" | "failed") =>
      log.emit({
        ...{ kind: "part.finished", part, worker: slot.number, outcome },
        seconds: (performance.now() - started) / 1000,
        peakBytes: slot.peakBytes,
      });
    const progress = { rows: count, fraction: 0 };
    this.#running.set(part, progress);
    log.emit({
      ...{ kind: "part.started", part, worker: slot.number, attempt, file: formatFiles(range), first },
      last: lastRow(range),
    });
    let limit = noLimit;
    try {
      await slot.open(); // a worker's start is not the part's time
      limit = this.#limit(slot, range);
      await slot.request<"map">(this.#request(range), (fraction) => {
        progress.fraction = fraction;
      });
      ended("succeeded");
      this.#doneRows += count;
      this.#doneParts += 1;
    } catch (error) {
      ended("failed");
      if (error instanceof WorkerDied) rmSync(unfinished(this.#options.partPath(part)), { force: true });
      if (signal.aborted) throw signal.reason;
      if (limit.passed) throw limit.error;
      if (!(error instanceof WorkerDied)) throw located(error, range);
      if (this.#failure !== undefined) return; // it was ended, and did not die of itself
      if (attempt > retries) throw slot.crash(error, { attempts: attempt, where: formatRange(range) });
      this.#queue.unshift({ range, attempt: attempt + 1 });
    } finally {
      limit.clear();
      this.#running.delete(part);
    }
  }

  #request({ part, file, after, first, count }: RowRange): RequestOf<"map"> {
    const { sql, format, final, partPath } = this.#options;
    const paths = [file, ...after].map(({ path }) => path);
    const fileRows = file.rows;
    const skipped = first - startOfGroup(file.groups, first);
    return { kind: "map", files: paths, first, count, fileRows, skipped, sql, output: partPath(part), format, final };
  }

  /** Ends the worker when the part takes longer than it may. */
  #limit(slot: WorkerSlot, range: RowRange): Limit {
    const { timeoutSeconds } = this.#options;
    const limit: Limit = {
      passed: false,
      error: new UdfError("WORKER_TIMEOUT", {
        what: `the worker was ended: this part took longer than ${timeoutSeconds} s`,
        where: formatRange(range),
        next: "Look for a function that does not return there, or give a longer --timeout.",
      }),
      clear: () => clearTimeout(timer),
    };
    const timer =
      timeoutSeconds === undefined
        ? undefined
        : setTimeout(() => {
            limit.passed = true;
            slot.kill();
          }, timeoutSeconds * 1000);
    return limit;
  }

  #report(): void {
    const running = [...this.#running.values()].reduce((sum, { rows, fraction }) => sum + rows * fraction, 0);
    // what a worker that died had computed counts until it is computed again
    this.#shownRows = Math.max(this.#shownRows, Math.round(this.#doneRows + running));
    this.#options.log.emit({
      kind: "stage.progress",
      stage: "map",
      rows: this.#shownRows,
      totalRows: this.#totalRows,
      parts: this.#doneParts,
      totalParts: this.#options.ranges.length,
    });
  }
}

/** A failure of a part names its rows. */
function located(error: unknown, range: RowRange): unknown {
  if (!(error instanceof UdfError) || error.where !== undefined) return error;
  const { code, what, next, details } = error;
  return errorAt(traceOf(error), code, {
    what,
    where: formatRange(range),
    ...(next === undefined ? {} : { next }),
    ...(details === undefined ? {} : { details }),
    cause: error,
  });
}

/** The first row of the row group that a row lies in. */
function startOfGroup(groups: readonly number[], row: number): number {
  let start = 0;
  for (const rows of groups) {
    if (start + rows > row) break;
    start += rows;
  }
  return start;
}
