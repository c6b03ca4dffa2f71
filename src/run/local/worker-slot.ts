import { closeSync, mkdirSync, openSync, rmSync, truncateSync, writeSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UdfError } from "../../core/error.ts";
import { isDiskFull } from "../disk-full.ts";
import type { EventLog } from "../event-log.ts";
import { levelOf } from "../log-level.ts";
import type { LogLimit } from "../log-limit.ts";
import type { RunFolder } from "../run-folder.ts";
import { errorAt } from "../traced-error.ts";
import type { BadRow } from "./bad-row.ts";
import { type CrashPlace, readCrashFile } from "./crash-file.ts";
import type { LaunchWorker } from "./launch-worker.ts";
import type { Reply, Request, RequestOf } from "./messages.ts";
import { rowAt } from "./part-rows.ts";
import type { SanitizerFindings } from "./sanitizer-findings.ts";
import { endOf, WorkerDied, WorkerProcess } from "./worker-process.ts";

/** What each worker is opened with. */
export type Opening = Omit<RequestOf<"read">, "kind"> & Omit<RequestOf<"open">, "kind" | "temporary" | "crashes">;
type Opened = { process: WorkerProcess; job: unknown };

export type SlotOptions = {
  number: number;
  launch?: LaunchWorker | undefined;
  nodePath: string;
  cwd: string;
  environment?: Readonly<Record<string, string>> | undefined;
  /** Reads what sanitizers write. */
  findings: SanitizerFindings;
  folder: RunFolder;
  log: EventLog;
  logLimit: LogLimit;
  /** The folder for temporary files is the slot's own. */
  open: () => Promise<Opening>;
  /** How long the job file may take to be evaluated; for ever where it is not given. */
  readSeconds: number | undefined;
  /** After which a worker is looked after that says nothing; never where it is not given. */
  stillSeconds?: number | undefined;
  /** Digest that each module's artifact must have. */
  digests: Readonly<Record<string, string>>;
};

const keptLines = 20;
/** How long a worker may take to say where it is, and how often we look. */
const answerMilliseconds = 500;
const answerPollMilliseconds = 10;

/** A place for one worker at a time: a worker that has died is replaced when the next work comes. */
export class WorkerSlot {
  readonly number: number;
  readonly #options: SlotOptions;
  #worker: Promise<Opened> | undefined;
  #process: WorkerProcess | undefined;
  #told: Promise<void> | undefined;
  #lastLines: string[] = [];
  #logFile: number | undefined;
  readonly #warnedOf = new Set<string>();
  #closed = false;

  constructor(options: SlotOptions) {
    this.number = options.number;
    this.#options = options;
  }

  get #crashes(): string {
    return path.join(this.#options.folder.temporary, `worker-${this.number}.crashes`);
  }

  /** The end of what the slot's worker wrote, for the diagnostic of a crash. */
  get lastLines(): readonly string[] {
    return this.#lastLines;
  }

  /** Where the slot's worker crashed; undefined where nothing was told. */
  get crashPlace(): CrashPlace | undefined {
    return readCrashFile(this.#crashes);
  }

  /** The part's rows that the worker computed when it crashed, or was asked where it is; undefined where that is not known. */
  rowsOf({ rowsBefore, rows }: CrashPlace): { begin: number; end: number } | undefined {
    if (rowsBefore === undefined || rows === undefined) return undefined;
    const row = (place: number) => rowAt(place, this.#process?.selection ?? {});
    return { begin: row(rowsBefore), end: row(rowsBefore + rows - 1) + 1 };
  }

  /** The part's row that it was at, where its function is given every row once and in order. */
  rowOf({ rowsBefore, row }: CrashPlace): number | undefined {
    if (rowsBefore === undefined || row === undefined) return undefined;
    return rowAt(rowsBefore + row, this.#process?.selection ?? {});
  }

  /** Rows of its part that the worker has found to fail. */
  get badRows(): readonly BadRow[] {
    return this.#process?.badRows ?? [];
  }

  /** Asks the worker where it is, which it goes on with; undefined where no function of a module is being computed. */
  async whereabouts(): Promise<CrashPlace | undefined> {
    this.#process?.ask();
    const end = performance.now() + answerMilliseconds;
    while (!this.crashPlace && !this.#process?.hasEnded && performance.now() < end) await delay(answerPollMilliseconds);
    return this.crashPlace;
  }

  get stillSeconds(): number | undefined {
    return this.#options.stillSeconds;
  }

  /** When the worker last said something: a time of `performance.now()`. */
  get heardAt(): number {
    return this.#process?.heardAt ?? 0;
  }

  /** Asks as `whereabouts` does, for work that goes on: what it tells is forgotten then, as later it is not true. */
  async look(): Promise<CrashPlace | undefined> {
    const place = await this.whereabouts();
    // what has a cause, or an exit, is no answer but the worker's end
    if (!place || place.cause !== undefined || place.exit !== undefined) return undefined;
    truncateSync(this.#crashes);
    return place;
  }

  /** Writes a line of ours into the worker's log; about each subject one. */
  warnOnce(subject: string, text: string): void {
    if (this.#warnedOf.has(subject)) return;
    this.#warnedOf.add(subject);
    this.#options.log.emit({ kind: "log", worker: this.number, stream: "stderr", level: "warning", text });
  }

  /** Highest resident memory that the slot's worker has reported, in bytes; null where it has not. */
  get peakBytes(): number | null {
    return this.#process?.peakBytes ?? null;
  }

  /**
   * The worker with the artifacts loaded, and what the job file exports. Throws WorkerDied, JOB_INVALID,
   * ARTIFACT_MISMATCH, CONFIG_INVALID.
   */
  async open(): Promise<Opened> {
    if (this.#closed) throw new UdfError("CANCELLED", { what: "the run is over" });
    if (this.#process?.hasEnded) this.#worker = undefined;
    this.#worker ??= this.#start();
    return this.#worker;
  }

  /** Starts the worker's process, which takes a while, before there is anything to open it with. */
  prepare(): void {
    if (!this.#closed) this.#process ??= this.#fork();
  }

  async request<Kind extends Request["kind"]>(
    request: Extract<Request, { kind: Kind }>,
    onProgress?: (fraction: number) => void,
  ): Promise<Reply<Kind>> {
    const { process } = await this.open();
    return process.request(request, onProgress);
  }

  /** Does work again in a new worker when the first has died. Throws WORKER_CRASHED after so many retries. */
  async retry<Result>(retries: number, work: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof WorkerDied)) throw error;
        if (attempt > retries || this.#closed) throw this.crash(error, { attempts: attempt });
      }
    }
  }

  /** What a worker's death means to the user: how it ended, where, and what it wrote last. */
  crash({ exit }: WorkerDied, { attempts, where }: { attempts: number; where?: string }): UdfError {
    const often = attempts === 1 ? "" : `, ${attempts} times${where ? " at the same rows" : ""}`;
    const place = this.crashPlace;
    const mistake = this.#options.findings.memoryMistakeOf(this.number);
    if (mistake) {
      const call = place?.function === undefined ? "" : `${place.function}(): `;
      return errorAt(place?.trace, "SANITIZER_FOUND", {
        what: `${call}${mistake.what}`,
        ...(where === undefined ? {} : { where }),
        next: "Correct what it does with memory.",
        details: this.#lastLines.join("\n"),
      });
    }
    const caller = place?.function === undefined ? "the module's code" : `${place.function}()`;
    const exited = place?.exit === undefined ? "" : `, since ${caller} called exit()`;
    const why = place?.cause === undefined ? exited : `: ${place.cause}`;
    const at = place?.function === undefined || exited !== "" ? "" : ` in ${caller}`;
    const memory = exit.signal === "SIGKILL" ? ", as the system does it where memory runs out" : "";
    return errorAt(place?.trace, "WORKER_CRASHED", {
      what: `worker ${this.number} ${endOf(exit)}${at}${often}${why}${memory}`,
      ...(where === undefined ? {} : { where }),
      next: `Look at what it wrote ("native-udf runs logs"), ${
        place ? 'or stop there with "native-udf debug".' : 'or find the row with "--on-bad-row quarantine".'
      }`,
      details: [...(place ? callOf(place) : []), ...this.#lastLines].join("\n"),
    });
  }

  /** Ends the worker with everything that it started; the next work gets a new one. */
  kill(): void {
    this.#process?.kill();
  }

  /** Ends the worker with everything that it started; there is no next one. */
  end(): void {
    this.#closed = true;
    this.kill();
  }

  /** Ends the slot for good; resolves when its process is gone, with all that it wrote. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#process?.close();
    await this.#told;
    if (this.#logFile !== undefined) closeSync(this.#logFile);
    this.#logFile = undefined;
  }

  async #start(): Promise<Opened> {
    const { log, folder, open, digests } = this.#options;
    const process = this.#process && !this.#process.hasEnded ? this.#process : this.#fork();
    this.#process = process;
    const temporary = path.join(folder.temporary, `worker-${this.number}`);
    mkdirSync(temporary, { recursive: true });
    rmSync(this.#crashes, { force: true }); // of the worker before
    const { jobFile, bundle, ...opening } = await open();
    const { job } = await this.#read(process, { kind: "read", jobFile, bundle });
    const reply = await process.request<"open">({ kind: "open", ...opening, temporary, crashes: this.#crashes });
    for (const [module, expected] of Object.entries(digests)) {
      if (reply.digests[module] === expected) continue;
      throw new UdfError("ARTIFACT_MISMATCH", {
        what: `worker ${this.number} loaded ${module} with the digest ${String(reply.digests[module]).slice(0, 12)}, and the run has ${expected.slice(0, 12)}`,
        next: 'Build the module again with "native-udf build".',
      });
    }
    const sha256 = Object.values(reply.digests)[0] ?? "";
    log.emit({ kind: "worker.started", worker: this.number, pid: process.pid, sha256 });
    return { process, job };
  }

  /** A job file that waits for ever would keep the run planning for ever. */
  async #read(process: WorkerProcess, request: RequestOf<"read">): Promise<Reply<"read">> {
    const { readSeconds } = this.#options;
    if (readSeconds === undefined) return process.request<"read">(request);
    await process.ready; // a process's start is not the file's time
    let tookTooLong = false;
    const timer = setTimeout(() => {
      tookTooLong = true;
      process.kill();
    }, readSeconds * 1000);
    try {
      return await process.request<"read">(request);
    } catch (error) {
      if (!tookTooLong) throw error;
      throw new UdfError("JOB_INVALID", {
        what: `the job file was still not evaluated after ${readSeconds} s`,
        where: request.jobFile,
        next: "Look for a loop or an await at its top level that does not end.",
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  #fork(): WorkerProcess {
    const { launch, nodePath, cwd, environment, log } = this.#options;
    this.#lastLines = [];
    const process = new WorkerProcess({
      launch,
      nodePath,
      cwd,
      environment,
      onLines: (stream, lines) => this.#lines(stream, lines),
    });
    this.#told = process.exited.then(
      ({ exitCode, signal }) => {
        const { pid, peakBytes, wasKilled: killed } = process;
        log.emit({ kind: "worker.exited", worker: this.number, pid, exitCode, signal, peakBytes, killed });
      },
      () => undefined, // a process that could not start is told by the request
    );
    return process;
  }

  #lines(stream: "stdout" | "stderr", written: readonly string[]): void {
    const { folder, log, logLimit, findings } = this.#options;
    if (stream === "stderr") findings.read(this.number, written);
    this.#lastLines = [...this.#lastLines, ...written.slice(-keptLines)].slice(-keptLines);
    const lines = logLimit.take(written);
    if (lines.length === 0) return;
    this.#logFile ??= openSync(path.join(folder.logs, `worker-${this.number}.log`), "a");
    unlessDiskIsFull(this.#logFile, lines);
    log.emit(
      ...lines.map((text) => ({
        ...{ kind: "log" as const, worker: this.number, stream, text },
        level: levelOf(stream, text),
      })),
    );
  }
}

/** What a worker's code was called for. */
function callOf({ function: name, rows, row }: CrashPlace): string[] {
  if (name === undefined) return [];
  return [`It computed ${name}() ${row === undefined ? "for" : `at row ${row} of`} a batch of ${rows} rows.`];
}

/** The lines are in the events too, which wait for room on the disk. */
function unlessDiskIsFull(file: number, lines: readonly string[]): void {
  try {
    writeSync(file, `${lines.join("\n")}\n`);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
}
