import { rmSync } from "node:fs";
import { UdfError } from "../../core/error.ts";
import type { DataFormat } from "../../core/job.ts";
import type { EventLog } from "../event-log.ts";
import { errorAt, traceOf } from "../traced-error.ts";
import { unfinished } from "../unfinished.ts";
import { type BadRow, badRowsFile, readBadRows, tooMany } from "./bad-row.ts";
import { findFailingRow } from "./halve.ts";
import type { RequestOf } from "./messages.ts";
import { guardMore, type PartWork, partFields } from "./part-work.ts";
import { formatFiles, formatRange, formatRow, lastRow, type RowRange } from "./row-ranges.ts";
import { TookTooLong, withinLimit } from "./time-limit.ts";
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
  /** Sets aside so many bad rows at most; undefined fails with the first one. */
  maxBadRows: number | undefined;
  showValues: boolean;
  /** Names, in lower case, of functions that the SQL gives every row once and in order. */
  inOrder: ReadonlySet<string>;
  log: EventLog;
  signal: AbortSignal;
};

/** A row that was set aside. */
export type RowAside = { range: RowRange; bad: BadRow };

/**
 * Computes all parts; gives the rows that were set aside, in order. After a crash no part is begun any more, those that
 * are being computed are finished, then it throws; an exception of a function ends all at once.
 */
export async function mapStage(options: MapOptions): Promise<RowAside[]> {
  return new MapStage(options).run();
}

class MapStage {
  readonly #options: MapOptions;
  readonly #queue: PartWork[];
  readonly #running = new Map<number, { rows: number; fraction: number }>();
  readonly #totalRows: number;
  readonly #aside: RowAside[] = [];
  #doneRows = 0;
  #shownRows = 0;
  #doneParts: number;
  #failure: unknown;

  constructor(options: MapOptions) {
    this.#options = options;
    const { ranges, done, partPath } = options;
    const [finished, left] = [true, false].map((wanted) => ranges.filter(({ part }) => done.has(part) === wanted));
    this.#queue = (left ?? []).map((range) => ({ range, attempt: 1, guarded: [], known: [] }));
    this.#totalRows = ranges.reduce((sum, { count }) => sum + count, 0);
    this.#doneRows = (finished ?? []).reduce((sum, { count }) => sum + count, 0);
    this.#doneParts = done.size;
    for (const range of finished ?? []) this.#setAside(range, readBadRows(partPath(range.part)));
  }

  async run(): Promise<RowAside[]> {
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
    return this.#aside.sort((left, right) => left.range.part - right.range.part || left.bad.row - right.bad.row);
  }

  async #work(slot: WorkerSlot): Promise<void> {
    for (;;) {
      if (this.#failure !== undefined || this.#options.signal.aborted) return;
      const next = this.#queue.shift();
      if (!next) return;
      await this.#compute(slot, next);
    }
  }

  async #compute(slot: WorkerSlot, work: PartWork): Promise<void> {
    const { log } = this.#options;
    const { range, attempt } = work;
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
    try {
      const { bad } = await this.#limited(slot, range, () =>
        slot.request<"map">(this.#request(work), (fraction) => {
          progress.fraction = fraction;
        }),
      );
      this.#setAside(range, bad);
      ended("succeeded");
      this.#doneRows += count;
      this.#doneParts += 1;
    } catch (error) {
      ended("failed");
      if (!(error instanceof WorkerDied || error instanceof TookTooLong)) throw located(error, range);
      rmSync(unfinished(this.#options.partPath(part)), { force: true });
      if (this.#failure !== undefined) return; // it was ended, and did not die of itself
      const again = error instanceof WorkerDied ? this.#again(slot, work, error) : this.#withoutHang(slot, work, error);
      const next = await again;
      if (!next) throw error;
      this.#queue.unshift(next);
    } finally {
      this.#running.delete(part);
    }
  }

  /** Asks a worker for a part's work. Throws what it throws, or why it was ended: the run's end, or the time limit. */
  async #limited<Result>(slot: WorkerSlot, range: RowRange, ask: () => Promise<Result>): Promise<Result> {
    const { timeoutSeconds: seconds, inOrder, signal } = this.#options;
    const places = { place: formatRange(range), placeOfRow: (row: number) => formatRow(range, row) };
    try {
      return await withinLimit({ slot, seconds, inOrder, ...places }, ask);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw error;
    }
  }

  /** What is to be done after a worker has died of a part. Throws WORKER_CRASHED, TOO_MANY_BAD_ROWS. */
  async #again(slot: WorkerSlot, work: PartWork, died: WorkerDied): Promise<PartWork> {
    const { retries, maxBadRows } = this.#options;
    const { range, attempt } = work;
    const place = slot.crashPlace;
    const name = place?.function;
    const known = [...work.known, ...slot.badRows];
    const crashed = place && name !== undefined ? { function: name, place, rows: slot.rowsOf(place) } : undefined;
    const guarded = crashed ? guardMore(work, crashed) : work.guarded;
    const next = { range, attempt: attempt + 1, guarded, known };
    // what has not been guarded yet is no retry
    const isNew =
      crashed !== undefined &&
      !work.guarded.some(({ begin, end, ...rows }) => rows.function === name && end - begin === range.count);
    if (attempt <= retries || (isNew && maxBadRows !== undefined)) return next;
    const row =
      crashed && this.#options.inOrder.has(crashed.function.toLowerCase()) ? slot.rowOf(crashed.place) : undefined;
    const where = row === undefined ? formatRange(range) : formatRow(range, row);
    const crash = slot.crash(died, { attempts: attempt, where });
    if (maxBadRows === undefined) throw crash;
    const halved = await this.#halve(slot, next);
    if (halved === undefined) throw withoutRow(crash);
    const { what: message } = crash;
    const trace = { ...(traceOf(crash) ?? { module: "", frames: [] }), row: halved };
    const bad = { row: halved, function: "", message, trace };
    if (this.#aside.length + known.length >= maxBadRows) throw located(tooMany(maxBadRows, bad), range);
    return { ...next, known: [...known, bad] };
  }

  /**
   * What is left to do of a part without the row that a function did not return from; undefined where that row is not
   * known, or is not what takes so long. Throws TOO_MANY_BAD_ROWS.
   */
  async #withoutHang(slot: WorkerSlot, work: PartWork, late: TookTooLong): Promise<PartWork | undefined> {
    const { maxBadRows, timeoutSeconds } = this.#options;
    const { function: name, trace } = late;
    const { row } = trace;
    if (maxBadRows === undefined || name === undefined || row === undefined) return undefined;
    const known = [...work.known, ...slot.badRows];
    try {
      await this.#probe(slot, { ...work, known }, { begin: row, end: row + 1 });
      return undefined;
    } catch (error) {
      if (!(error instanceof TookTooLong) || error.function !== name) return undefined;
    }
    const bad = { row, function: name, message: `it did not return within ${timeoutSeconds} s`, trace };
    if (this.#aside.length + known.length >= maxBadRows) throw located(tooMany(maxBadRows, bad), work.range);
    return { ...work, attempt: work.attempt + 1, known: [...known, bad] };
  }

  /** Computes some rows of a part, and keeps nothing of them. */
  async #probe(slot: WorkerSlot, { range, known }: PartWork, rows: { begin: number; end: number }): Promise<void> {
    const without = known.map(({ row }) => row).sort((left, right) => left - right);
    const part = partFields(range, this.#options.sql);
    await this.#limited(slot, range, () => slot.request<"probe">({ kind: "probe", ...part, ...rows, without }));
  }

  /** Finds a row that ends the worker. Each try that hits one costs a worker. */
  async #halve(slot: WorkerSlot, work: PartWork): Promise<number | undefined> {
    const ends = async (begin: number, end: number) => {
      try {
        await this.#probe(slot, work, { begin, end });
        return false; // a row that fails without ending the worker is none of these
      } catch (error) {
        if (!(error instanceof WorkerDied) || this.#failure !== undefined) throw error;
        return true;
      }
    };
    const row = await findFailingRow({ begin: 0, end: work.range.count }, ends);
    // what only many rows do together is not this row's fault
    return row !== undefined && (await ends(row, row + 1)) ? row : undefined;
  }

  #request({ range, guarded, known }: PartWork): RequestOf<"map"> {
    const { sql, format, final, partPath, maxBadRows: limit, showValues } = this.#options;
    const output = partPath(range.part);
    const left = limit === undefined ? 0 : limit - this.#aside.length;
    return {
      ...{ kind: "map", ...partFields(range, sql), output, format, final, showValues },
      ...{ guarded: [...guarded], known: [...known] },
      skipped: range.first - startOfGroup(range.file.groups, range.first),
      quarantine: limit === undefined ? null : { limit, left, file: badRowsFile(output) },
    };
  }

  #setAside(range: RowRange, found: readonly BadRow[]): void {
    const { maxBadRows = 0 } = this.#options;
    this.#aside.push(...found.map((bad) => ({ range, bad })));
    const [last] = found;
    if (last && this.#aside.length > maxBadRows) throw located(tooMany(maxBadRows, last), range);
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
      ...(this.#aside.length > 0 ? { badRows: this.#aside.length } : {}),
    });
  }
}

/** For a crash that no row causes alone. */
function withoutRow(crash: UdfError): UdfError {
  const { code, what, where, details } = crash;
  return errorAt(traceOf(crash), code, {
    what: `${what}; no row does that alone`,
    next: "An earlier row may have broken the memory: look with --sanitize address.",
    ...(where === undefined ? {} : { where }),
    ...(details === undefined ? {} : { details }),
  });
}

/** A failure of a part names its row, or else its rows. */
function located(error: unknown, range: RowRange): unknown {
  if (!(error instanceof UdfError) || error.where !== undefined) return error;
  const { code, what, next, details } = error;
  const trace = traceOf(error);
  return errorAt(trace, code, {
    what,
    where: trace?.row === undefined ? formatRange(range) : formatRow(range, trace.row),
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
