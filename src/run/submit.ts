import { existsSync } from "node:fs";
import path from "node:path";
import { debuggerTarget } from "../core/debugger-target.ts";
import { type Diagnostic, formatLocation, type Location } from "../core/diagnostic.ts";
import { type ErrorCode, messageOf, UdfError } from "../core/error.ts";
import type { RunEvent } from "../core/events.ts";
import { explained } from "../core/file-error.ts";
import type { OnBadRow } from "../core/job.ts";
import type { Manifest } from "../core/manifest.ts";
import type { Module } from "../core/module.ts";
import { sanitizerSets } from "../core/sanitizers.ts";
import { localTarget, type Target } from "../core/target.ts";
import { bundleJob } from "./bundle-job.ts";
import { placeDiagnostic } from "./diagnose/place-diagnostic.ts";
import { diskFull, isDiskFull } from "./disk-full.ts";
import { EventLog } from "./event-log.ts";
import { findJob, isScript, type JobFile } from "./job-files.ts";
import type { LaunchWorker } from "./local/launch-worker.ts";
import { runLocally } from "./local/local-run.ts";
import { refuseQuarantine, submitToSpark } from "./on-spark.ts";
import { cancelRequest, createRunFolder, type RunFolder } from "./run-folder.ts";
import { removeOldRuns, writeSummary } from "./store.ts";
import { addToSummary, emptySummary, type RunSummary } from "./summary.ts";
import { TracedError } from "./traced-error.ts";

export type { RunSummary } from "./summary.ts";

export type SubmitOptions = {
  module: Module;
  /** A job's name, or the path of its file. */
  job: string;
  artifacts: readonly { manifest: Manifest; path: string }[];
  /** This machine where it is not given. */
  target?: Target | undefined;
  /** Worker processes; as many as there are cores where it is not given. */
  workers?: number | undefined;
  /** Limit of one part. */
  timeoutSeconds?: number | undefined;
  /** Limit of what the job file does when it is read. */
  readSeconds?: number | undefined;
  /** After which a worker is looked after that says nothing; the log tells where it stands still. */
  stillSeconds?: number | undefined;
  /** What the workers write beyond that is not kept. */
  logBytes?: number | undefined;
  overwrite?: boolean | undefined;
  /** What happens with rows that fail; what the job says where it is not given. */
  onBadRow?: OnBadRow | undefined;
  maxBadRows?: number | undefined;
  /** Messages show the arguments of the row that failed; what the job says where it is not given. */
  showValues?: boolean | undefined;
  /** Only so many rows of the input, from its beginning; the result goes to the run's folder. */
  sampleRows?: number | undefined;
  /** How often a part is tried again after its worker has died. */
  retries?: number | undefined;
  /** The Node that runs the workers; this process's own where it is not given. */
  nodePath?: string | undefined;
  /** What the workers need to load artifacts that were built with sanitizers; such a run's result goes to its folder. */
  workerEnvironment?: Readonly<Record<string, string>> | undefined;
  /** Starts the one worker under a debugger; the result goes to the run's folder, and nothing is tried again. */
  debug?: LaunchWorker | undefined;
  signal?: AbortSignal | undefined;
};

/** A run that goes on. Follow `events` to their end; `finished` never rejects, a failure is in its `error`. */
export type Run = { id: string; directory: string; events: AsyncIterable<RunEvent>; finished: Promise<RunSummary> };

const cancelPollMilliseconds = 100;
/** A job file says what is to be done, so it takes milliseconds. */
const defaultReadSeconds = 30;
/** A function that does not return is told after twice that: it is still where it was then. */
const defaultStillSeconds = 15;
/** Ten times what a patient reader looks through. */
const defaultLogBytes = 1e9;

/** Starts a run on this machine. Throws JOB_UNKNOWN; everything later is told by the run. */
export function submit(options: SubmitOptions): Run {
  const { module, signal } = options;
  const job = findJob(module, options.job);
  removeOldRuns(module);
  const folder = createRunFolder(module, job.name);
  let summary = emptySummary(folder.id, folder.path);
  const log = new EventLog(folder.id, folder.path, (event) => {
    summary = addToSummary(summary, event);
  });
  const sample = options.sampleRows === undefined ? {} : { sampleRows: options.sampleRows };
  const { target = localTarget } = options;
  const sanitize = sanitizerSets.find((set) => options.artifacts.some(({ manifest }) => manifest.mode === set));
  const sanitized = sanitize === undefined ? {} : { sanitize };
  const queued = {
    job: job.name,
    target: options.debug ? debuggerTarget : target.name,
    module: module.name,
    pid: process.pid,
    ...sample,
    ...sanitized,
  };
  log.emit({ kind: "run.queued", ...queued });

  const cancelled = new AbortController();
  const abort = (reason: string) =>
    cancelled.abort(new UdfError("CANCELLED", { what: `run ${folder.id} was cancelled ${reason}` }));
  const onAbort = () => abort("here");
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted) onAbort();
  const poll = setInterval(() => {
    if (existsSync(cancelRequest(folder))) abort("by another command");
    // nobody would see it any more, nor could end it
    else if (!existsSync(folder.path)) abort("because its folder was deleted");
  }, cancelPollMilliseconds);

  const execute = async (): Promise<RunSummary> => {
    const start = performance.now();
    let error: UdfError | undefined;
    try {
      const stubs = options.artifacts.map(({ manifest }) => ({
        module: manifest.module,
        path: path.join(module.stubs, `${manifest.module}.duckdb.ts`),
      }));
      cancelled.signal.throwIfAborted();
      const bundle = isScript(job) ? undefined : bundleJob({ module, job, stubs });
      bundle?.catch(() => undefined); // it is told by the run, which waits for it
      const {
        artifacts,
        workers,
        timeoutSeconds,
        readSeconds = defaultReadSeconds,
        stillSeconds = defaultStillSeconds,
        logBytes = defaultLogBytes,
        sampleRows,
        debug,
        workerEnvironment,
        retries = debug || workerEnvironment ? 0 : 2,
        overwrite = false,
        nodePath = process.execPath,
        onBadRow,
        maxBadRows,
        showValues,
      } = options;
      if (target.kind === "spark") {
        refuseOnSpark(options);
        await submitToSpark({
          ...{ module, job, target, bundle, artifacts, folder, log, workers, timeoutSeconds, readSeconds, logBytes },
          ...{ nodePath, overwrite, sampleRows, showValues, signal: cancelled.signal },
        });
      } else {
        if (bundle === undefined) throw onlyOnSpark(job);
        await runLocally({
          ...{ module, job, bundle, artifacts, folder, log, workers, timeoutSeconds, readSeconds, stillSeconds },
          ...{ logBytes, sampleRows, debug, retries, overwrite, nodePath, workerEnvironment },
          ...{ onBadRow, maxBadRows, showValues, signal: cancelled.signal },
          place: (diagnostic, trace) => placeDiagnostic(diagnostic, { trace, module, artifacts }),
        });
      }
    } catch (cause) {
      error = errorOf(cause, folder.path);
      const diagnostic = error.diagnostics[0] ?? (await placed(error, options));
      if (error.code !== "CANCELLED") log.emit({ kind: "diagnostic", diagnostic });
      if (error instanceof TracedError && diagnostic.location) error = error.with(diagnostic);
    } finally {
      clearInterval(poll);
      signal?.removeEventListener("abort", onAbort);
    }
    const seconds = (performance.now() - start) / 1000;
    if (!error) {
      log.emit({ kind: "metric", name: "rows", value: summary.rows, unit: "rows" });
      log.emit({ kind: "metric", name: "rows per second", value: summary.rows / seconds, unit: "rows/s" });
      log.emit({ kind: "metric", name: "peak worker memory", value: summary.peakWorkerBytes ?? 0, unit: "bytes" });
    }
    const outcome = error ? (error.code === "CANCELLED" ? "cancelled" : "failed") : "succeeded";
    log.emit({ kind: "run.finished", outcome, seconds, ...(error ? { message: error.message } : {}) });
    if (existsSync(folder.path)) keepSummary(folder, summary);
    log.close();
    return error ? { ...summary, error } : summary;
  };
  return { id: folder.id, directory: folder.path, events: log, finished: execute() };
}

function errorOf(thrown: unknown, folder: string): UdfError {
  if (isDiskFull(thrown)) return diskFull(folder, thrown);
  const cause = explained(thrown);
  if (cause instanceof UdfError) return cause;
  const stack = cause instanceof Error ? cause.stack : undefined;
  return new UdfError("RUN_FAILED", { what: messageOf(cause), cause, ...(stack ? { details: stack } : {}) });
}

/** The events say it all where a full disk has no room for it. */
function keepSummary(folder: RunFolder, summary: RunSummary): void {
  try {
    writeSummary(folder, summary);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
}

const origins: Partial<Record<ErrorCode, Diagnostic["origin"]>> = {
  ROW_ERROR: "worker exception",
  WORKER_CRASHED: "crash",
  TOO_MANY_BAD_ROWS: "bad row",
  SANITIZER_FOUND: "sanitizer",
  WORKER_TIMEOUT: "timeout",
  ARTIFACT_MISMATCH: "load",
  CONFIG_INVALID: "load",
  CONFIG_MISSING: "load",
};

/** At the author's line where that is known. */
async function placed(error: UdfError, { module, artifacts }: SubmitOptions): Promise<Diagnostic> {
  const diagnostic = diagnosticOf(error);
  if (!(error instanceof TracedError)) return diagnostic;
  return placeDiagnostic(diagnostic, { trace: error.trace, module, artifacts });
}

function diagnosticOf(error: UdfError): Diagnostic {
  const location = locationOf(error.where);
  const place = error.where && !location ? `${error.where}: ` : "";
  return {
    severity: "error",
    origin: origins[error.code] ?? "plan",
    code: error.code,
    message: `${place}${error.what}${error.next ? `. ${error.next}` : ""}`,
    related: [],
    ...(location ? { location } : {}),
    ...(error.details ? { details: error.details } : {}),
  };
}

/** `jobs/a.job.ts:6:12` as a place; the inverse of `formatLocation`. */
function locationOf(where: string | undefined): Location | undefined {
  const match = /^(?<file>.+?):(?<line>\d+)(?::(?<column>\d+))?$/.exec(where ?? "")?.groups;
  if (!match?.file) return undefined;
  const place = { file: match.file, line: Number(match.line) };
  const location = match.column ? { ...place, column: Number(match.column) } : place;
  return formatLocation(location) === where ? location : undefined;
}

/** Throws TARGET_UNSUPPORTED for what only the local runner does. */
function refuseOnSpark({ onBadRow, workerEnvironment, debug, job, module }: SubmitOptions): void {
  refuseQuarantine(findJob(module, job), onBadRow);
  if (workerEnvironment === undefined && debug === undefined) return;
  throw new UdfError("TARGET_UNSUPPORTED", {
    what: "sanitizers and debuggers work on this machine only",
    next: 'Leave out --target, or give "--target local".',
  });
}

function onlyOnSpark(job: JobFile): UdfError {
  return new UdfError("TARGET_UNSUPPORTED", {
    what: "a PySpark script runs on Spark only",
    where: path.basename(job.path),
    next: 'Give "--target spark", or the name of a Spark target of native-udf.json.',
  });
}
