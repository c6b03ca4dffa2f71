import path from "node:path";
import { driverNumber, type RunEvent, shareOf } from "../../core/events.ts";
import { isAddress } from "../../core/job.ts";
import type { RunDetail } from "../protocol.ts";

/** More points than a plot has pixels say nothing; the older half is thinned out then. */
const mostSamples = 600;
/** Problems are shown whole, but a run that warns for each row must not fill the page. */
const mostDiagnostics = 500;

/** What the panel shows of a run, kept up to date by its events. */
export class RunModel {
  readonly #detail: RunDetail;
  readonly #root: string;
  readonly #memory = new Map<number, number>();
  #begin: number | undefined;
  #isOver = false;
  #lastRows = { at: 0, rows: 0 };

  /** Paths below `root` are shown from there. */
  constructor(id: string, root: string) {
    this.#root = root;
    const none = () => ({ seconds: [], values: [] });
    this.#detail = {
      ...{ id, stage: "", share: 0, rows: 0, totalRows: null, partsDone: 0, totalParts: 0, seconds: 0 },
      ...{ rowsPerSecond: none(), memory: none() },
      ...{ parts: [], workers: [], diagnostics: [], result: null },
    };
  }

  get detail(): RunDetail {
    return this.#detail;
  }

  /** A run tells nothing while it waits, and its time goes on. Says whether it does. */
  tick(now: number): boolean {
    if (this.#begin === undefined || this.#isOver) return false;
    this.#detail.seconds = Math.max(this.#detail.seconds, (now - this.#begin) / 1000);
    return true;
  }

  add(event: RunEvent): void {
    const detail = this.#detail;
    const time = Date.parse(event.time);
    this.#begin ??= time;
    const at = (time - this.#begin) / 1000;
    detail.seconds = Math.max(detail.seconds, at);
    switch (event.kind) {
      case "run.started":
        detail.totalRows = event.rows;
        return;
      case "run.phase":
        detail.stage = event.text;
        return;
      case "stage.progress":
        this.#progress(event, at);
        return;
      case "part.started": {
        const { part, worker, attempt, file, first, last } = event;
        const input = first === undefined || last === undefined ? file : `rows ${file} ${first}–${last}`;
        detail.parts.push({ part, worker, attempt, begin: at, end: null, outcome: "running", input });
        return;
      }
      case "part.finished": {
        const part = detail.parts.findLast(
          ({ part, worker, end }) => part === event.part && worker === event.worker && end === null,
        );
        if (part) Object.assign(part, { end: at, outcome: event.outcome });
        if (event.peakBytes) this.#remember(event.worker, event.peakBytes, at);
        return;
      }
      case "worker.started":
        if (!detail.workers.includes(event.worker)) detail.workers.push(event.worker);
        return;
      case "worker.exited":
        if (event.worker !== driverNumber) this.#remember(event.worker, 0, at);
        return;
      case "diagnostic":
        if (detail.diagnostics.length < mostDiagnostics) detail.diagnostics.push(event.diagnostic);
        return;
      case "result":
        detail.result = {
          path: this.#shown(event.path),
          rows: event.rows,
          columns: event.columns,
          preview: event.preview,
        };
        return;
      case "run.finished":
        for (const part of detail.parts) if (part.end === null) Object.assign(part, { end: at, outcome: "failed" });
        detail.seconds = event.seconds;
        this.#isOver = true;
        return;
      case "run.queued":
      case "log":
      case "metric":
        return;
    }
  }

  #shown(file: string): string {
    if (isAddress(file)) return file;
    const relative = path.relative(this.#root, file);
    return relative.startsWith("..") ? file : relative;
  }

  #progress(event: Extract<RunEvent, { kind: "stage.progress" }>, at: number): void {
    const detail = this.#detail;
    detail.stage = event.stage;
    if (event.stage !== "map") return;
    detail.share = shareOf(event);
    detail.rows = event.rows;
    detail.totalRows = event.totalRows;
    detail.partsDone = event.parts;
    detail.totalParts = event.totalParts;
    const elapsed = at - this.#lastRows.at;
    if (elapsed < 0.05) return;
    push(detail.rowsPerSecond, at, (event.rows - this.#lastRows.rows) / elapsed);
    this.#lastRows = { at, rows: event.rows };
  }

  #remember(worker: number, bytes: number, at: number): void {
    this.#memory.set(worker, bytes);
    push(
      this.#detail.memory,
      at,
      [...this.#memory.values()].reduce((sum, value) => sum + value, 0),
    );
  }
}

function push(samples: RunDetail["memory"], second: number, value: number): void {
  samples.seconds.push(second);
  samples.values.push(value);
  if (samples.seconds.length <= mostSamples) return;
  const half = mostSamples / 2;
  const keep = (_: number, index: number) => index >= half || index % 2 === 0;
  samples.seconds = samples.seconds.filter(keep);
  samples.values = samples.values.filter(keep);
}
