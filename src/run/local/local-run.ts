import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import type { Diagnostic } from "../../core/diagnostic.ts";
import { defaultMaxBadRows, type OnBadRow } from "../../core/job.ts";
import type { Manifest } from "../../core/manifest.ts";
import type { Module } from "../../core/module.ts";
import type { JobBundle } from "../bundle-job.ts";
import type { EventLog } from "../event-log.ts";
import type { JobFile } from "../job-files.ts";
import { LogLimit } from "../log-limit.ts";
import type { StoredObject } from "../objects.ts";
import {
  badRowsOutput,
  checkOutput,
  type Output,
  outputOf,
  publishFile,
  publishFolder,
  refuseToReplace,
  removeLeftovers,
  removeTemporary,
  samplePath,
} from "../output.ts";
import { ownFiles } from "../own-files.ts";
import { type ParsedJob, parseJob } from "../parse-job.ts";
import { partName } from "../part-name.ts";
import type { RunFolder } from "../run-folder.ts";
import { listRuns } from "../store.ts";
import type { Trace } from "../traced-error.ts";
import { removeUnfinished } from "../unfinished.ts";
import { builtinReplaced } from "./builtin-replaced.ts";
import { describeAside } from "./describe-aside.ts";
import { storeConfig } from "./kept-inputs.ts";
import type { LaunchWorker } from "./launch-worker.ts";
import { type MapOptions, mapStage, type RowAside } from "./map-stage.ts";
import type { Reply } from "./messages.ts";
import { openingOf } from "./opening.ts";
import { planRequest } from "./plan-request.ts";
import { reduceStage } from "./reduce-stage.ts";
import { planKey, takeFinishedParts, writePlan } from "./resume.ts";
import { cutIntoRanges, firstRows, type RowRange } from "./row-ranges.ts";
import { SanitizerFindings } from "./sanitizer-findings.ts";
import { stageInput } from "./stage-input.ts";
import { type Opening, WorkerSlot } from "./worker-slot.ts";

export type LocalRunOptions = {
  module: Module;
  job: JobFile;
  /** The workers start while it is made. */
  bundle: Promise<JobBundle>;
  artifacts: readonly { manifest: Manifest; path: string }[];
  folder: RunFolder;
  log: EventLog;
  workers: number | undefined;
  timeoutSeconds: number | undefined;
  /** Limit of what the job file does when it is read. */
  readSeconds: number;
  /** After which a worker is looked after that says nothing. */
  stillSeconds: number;
  /** What the workers write beyond that is not kept. */
  logBytes: number;
  /** Only so many rows of the input; the result goes to the run's folder. */
  sampleRows: number | undefined;
  /**
   * Starts the worker under a debugger. Such a run has one, computes everything anew, and leaves the result in its
   * folder.
   */
  debug: LaunchWorker | undefined;
  retries: number;
  overwrite: boolean;
  /** What the job says where it is not given. */
  onBadRow: OnBadRow | undefined;
  maxBadRows: number | undefined;
  showValues: boolean | undefined;
  /** Puts a diagnostic at the author's line that failed. */
  place: (diagnostic: Diagnostic, trace: Trace) => Promise<Diagnostic>;
  nodePath: string;
  /** What the workers need to load artifacts that were built with sanitizers; such a run's result goes to its folder. */
  workerEnvironment: Readonly<Record<string, string>> | undefined;
  signal: AbortSignal;
};

const previewRows = 20;
/** So many start while the first one plans; more only if there is work for them. */
const earlyWorkers = 4;

/** Runs a job in worker processes on this machine. Throws what failed; everything it started has ended when it returns. */
export async function runLocally(options: LocalRunOptions): Promise<void> {
  options.signal.throwIfAborted();
  const run = new LocalRun(options);
  const stop = () => run.end();
  options.signal.addEventListener("abort", stop);
  try {
    await run.execute();
  } catch (error) {
    options.signal.throwIfAborted();
    throw error;
  } finally {
    options.signal.removeEventListener("abort", stop);
    await run.close();
  }
  run.refuseMistakes();
}

type Mapped = {
  job: ParsedJob;
  output: Output;
  /** Where the rows go that are set aside; undefined where none are. */
  badOutput: Output | undefined;
  aside: readonly RowAside[];
  plan: Reply<"plan">;
  ranges: readonly RowRange[];
  parts: string[];
};

class LocalRun {
  readonly #options: LocalRunOptions;
  #configs: readonly StoredObject[] = [];
  readonly #findings: SanitizerFindings;
  readonly #first: WorkerSlot;
  readonly #slots: readonly WorkerSlot[];
  #outputs: readonly Output[] = [];

  constructor(options: LocalRunOptions) {
    this.#options = options;
    this.#findings = new SanitizerFindings(options.log, options.module.root);
    const { module, artifacts, nodePath, folder, log, debug: launch, workerEnvironment: environment } = options;
    const workers = launch ? 1 : (options.workers ?? availableParallelism());
    const digests = Object.fromEntries(artifacts.map(({ manifest }) => [manifest.module, manifest.sha256]));
    let opening: Promise<Opening> | undefined;
    const open = () => {
      opening ??= options.bundle.then((bundle) =>
        openingOf({ module, job: options.job, artifacts, bundle, configs: this.#configs, workers }),
      );
      return opening;
    };
    const logLimit = new LogLimit(options.logBytes, (diagnostic) => log.emit({ kind: "diagnostic", diagnostic }));
    const slot = (number: number) =>
      new WorkerSlot({
        ...{ number, launch, nodePath, environment, cwd: module.root, folder, log, logLimit, open, digests },
        findings: this.#findings,
        // in a debugger it may stand still
        readSeconds: launch ? undefined : options.readSeconds,
        stillSeconds: launch ? undefined : options.stillSeconds,
      });
    this.#first = slot(1);
    this.#slots = [this.#first, ...Array.from({ length: workers - 1 }, (_, index) => slot(index + 2))];
  }

  /** Ends all workers at once. */
  end(): void {
    for (const slot of this.#slots) slot.end();
  }

  async close(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.close()));
    const { folder } = this.#options;
    for (const left of [folder.temporary, folder.staged]) rmSync(left, { recursive: true, force: true });
    if (existsSync(folder.parts)) removeUnfinished(folder.parts);
    for (const output of this.#outputs) removeTemporary(output);
  }

  async execute(): Promise<void> {
    const { log, folder } = this.#options;
    const mapped = await this.#map();
    const { output, plan, job } = mapped;
    const badRows = await this.#publishBadRows(mapped);
    const files = await this.#publish(mapped);
    const preview = await this.#first.retry(this.#options.retries, () =>
      this.#first.request<"preview">({
        ...{ kind: "preview", files, format: job.outputFormat, columns: plan.outputColumns, limit: previewRows },
      }),
    );
    log.emit({ kind: "result", path: output.path, ...preview, ...(badRows ? { badRows } : {}) });
    rmSync(folder.parts, { recursive: true, force: true });
  }

  /** Everything up to the parts. */
  async #map(): Promise<Mapped> {
    const { module, artifacts, log, folder, signal, overwrite, job: file } = this.#options;
    const { retries, timeoutSeconds, sampleRows, debug, workerEnvironment } = this.#options;
    for (const slot of this.#slots.slice(0, earlyWorkers)) slot.prepare();
    this.#configs = module.configs.map((config) => storeConfig(module, config));
    // what fails in the others is told when they are given work
    for (const slot of this.#slots.slice(1, earlyWorkers)) slot.open().catch(() => undefined);
    const opened = await this.#first.retry(0, () => this.#first.open());
    const job = parseJob(opened.job, { module, file, known: artifacts.map(({ manifest }) => manifest.module) });
    const place =
      sampleRows === undefined && !debug && !workerEnvironment
        ? { root: module.root, path: job.output.path }
        : { root: folder.path, path: samplePath(job.output.path) };
    const output = outputOf({ ...place, run: folder.id, overwrite });
    const { onBadRow = job.onBadRow, maxBadRows = job.maxBadRows ?? defaultMaxBadRows } = this.#options;
    const badOutput = onBadRow === "quarantine" ? badRowsOutput(output, job.outputFormat) : undefined;
    const outputs = badOutput ? [output, badOutput] : [output];
    for (const each of outputs) checkOutput(each);
    this.#outputs = outputs;
    const plan = await this.#plan(job);
    for (const each of outputs) refuseToReplace(each, [...plan.files, ...ownFiles(module, file)]);
    const { columns } = plan;
    const staging = {
      slots: this.#slots,
      files: plan.files,
      format: job.inputFormat,
      columns,
      folder,
      log,
      retries,
      sampleRows,
    };
    const files = await stageInput(staging);
    signal.throwIfAborted();
    const ranges = sampleRows === undefined ? cutIntoRanges(files) : firstRows(cutIntoRanges(files), sampleRows);
    // without reduce, the parts of a folder are the result
    const final = output.isFolder && job.reduce === undefined;
    const format = final ? job.outputFormat : "parquet";
    const partPath = (part: number) => path.join(folder.parts, partName(part, format));
    const done = await this.#takeOver({ job, plan, ranges, format, final, outputs });
    const isDone = new Set(ranges.map(({ part }) => part).filter((part) => done.has(partPath(part))));
    const slots = this.#slots.slice(0, Math.max(1, ranges.length - isDone.size));
    this.#started({ ranges, resumed: isDone.size, workers: slots.length });
    const aside = await this.#mapParts({
      ...{ slots, ranges, done: isDone, sql: job.map, format, final, partPath, log, signal, retries, timeoutSeconds },
      maxBadRows: badOutput ? maxBadRows : undefined,
      showValues: this.#options.showValues ?? job.showValues ?? false,
      inOrder: new Set(plan.inOrder),
    });
    return { job, output, badOutput, aside, plan, ranges, parts: ranges.map(({ part }) => partPath(part)) };
  }

  /** Throws SANITIZER_FOUND; after `close`, when all that the workers wrote has been read. */
  refuseMistakes(): void {
    this.#findings.refuse();
  }

  /** Computes the parts; tells more of what sanitizers have found. */
  async #mapParts(options: MapOptions): Promise<RowAside[]> {
    try {
      return await mapStage(options);
    } catch (error) {
      await this.#findings.tellOrigins(this.#options.place);
      throw error;
    }
  }

  async #plan(job: ParsedJob): Promise<Reply<"plan">> {
    const { module, job: file, artifacts, log } = this.#options;
    const plan = await this.#first.retry(0, () =>
      this.#first.request<"plan">(planRequest({ module, file, job, artifacts, dialect: "duckdb" })),
    );
    for (const name of plan.builtins) log.emit({ kind: "diagnostic", diagnostic: builtinReplaced(name) });
    return plan;
  }

  /** Writes the plan, and takes over the parts of an earlier run of the same plan; gives those that are whole. */
  async #takeOver(options: {
    job: ParsedJob;
    plan: Reply<"plan">;
    ranges: readonly RowRange[];
    format: ParsedJob["outputFormat"];
    final: boolean;
    /** The second one is that of the rows that are set aside. */
    outputs: readonly Output[];
  }): Promise<ReadonlySet<string>> {
    const { job, plan, ranges, format, final, outputs } = options;
    const { module, artifacts, folder, retries, sampleRows = null, debug } = this.#options;
    const content = {
      artifacts: artifacts.map(({ manifest }) => manifest.sha256),
      configs: this.#configs.map(({ name, sha256 }) => [name, sha256]),
      map: job.map,
      ...{ format, final, inputFormat: job.inputFormat, sampleRows },
      setsAside: outputs.length > 1,
      sources: plan.files.map(({ path: file }) => {
        const { size, mtimeMs } = statSync(file);
        return { file, size, modified: mtimeMs };
      }),
      ranges: ranges.map(({ file, after, first, count }) => [file.shown, after.length, first, count]),
    };
    const key = planKey(content);
    writePlan(folder, { key, ...content });
    const lost = listRuns(module).filter(({ state }) => state === "lost");
    for (const output of outputs) {
      removeLeftovers(
        output,
        lost.map(({ id }) => id),
      );
    }
    if (debug) {
      mkdirSync(folder.parts, { recursive: true }); // every row is to be seen, so nothing is taken over
      return new Set();
    }
    const parts = takeFinishedParts(module, folder, key);
    if (parts.length === 0) return new Set();
    const verify = () => this.#first.request<"verify">({ kind: "verify", parts, format });
    const { whole } = await this.#first.retry(retries, verify);
    return new Set(whole);
  }

  #started({ ranges, resumed, workers }: { ranges: readonly RowRange[]; resumed: number; workers: number }): void {
    const { artifacts, log } = this.#options;
    const [artifact] = artifacts;
    log.emit({
      kind: "run.started",
      artifact: artifact?.manifest.file ?? "",
      sha256: artifact?.manifest.sha256 ?? "",
      rows: ranges.reduce((sum, { count }) => sum + count, 0),
      parts: ranges.length,
      resumedParts: resumed,
      workers,
    });
  }

  /** Tells of the rows that were set aside, and makes them visible. */
  async #publishBadRows({ job, badOutput, aside }: Mapped): Promise<{ path: string; rows: number } | undefined> {
    const { log, retries, place } = this.#options;
    if (!badOutput) return undefined;
    if (aside.length === 0) {
      if (badOutput.overwrite) rmSync(badOutput.path, { force: true }); // those of an earlier run
      return undefined;
    }
    const { rows, diagnostics } = await describeAside(aside, place);
    for (const diagnostic of diagnostics) log.emit({ kind: "diagnostic", diagnostic });
    await this.#first.retry(retries, () =>
      this.#first.request<"setAside">({
        ...{ kind: "setAside", rows, output: badOutput.temporary, format: job.outputFormat },
      }),
    );
    publishFile(badOutput);
    return { path: badOutput.path, rows: rows.length };
  }

  /** Makes the result visible; gives its files. */
  async #publish({ job, output, plan, parts }: Mapped): Promise<string[]> {
    const { folder } = this.#options;
    const inFolder = (file: string) => path.join(output.path, path.basename(file));
    if (output.isFolder && job.reduce === undefined) {
      publishFolder(output, parts);
      return parts.map(inFolder);
    }
    if (!output.isFolder) {
      await this.#reduce({ job, plan, parts, target: output.temporary });
      publishFile(output);
      return [output.path];
    }
    const reduced = path.join(folder.parts, `reduced-${partName(0, job.outputFormat)}`);
    await this.#reduce({ job, plan, parts, target: reduced });
    publishFolder(output, [reduced]);
    return [inFolder(reduced)];
  }

  async #reduce(options: { job: ParsedJob; plan: Reply<"plan">; parts: string[]; target: string }): Promise<void> {
    const { job, plan, parts, target } = options;
    const { log, retries, timeoutSeconds } = this.#options;
    // they would only take memory and cores from it
    for (const slot of this.#slots.slice(1)) void slot.close();
    // a JavaScript callback runs on one thread; without one, DuckDB may use as many as the run has workers
    const threads = plan.reduceCalls.length > 0 ? 1 : this.#slots.length;
    const report = (done: number) =>
      log.emit({ kind: "stage.progress", stage: "reduce", rows: 0, totalRows: null, parts: done, totalParts: 1 });
    report(0);
    mkdirSync(path.dirname(target), { recursive: true });
    const functions = this.#options.artifacts.flatMap(({ manifest }) => manifest.functions);
    const aggregates = functions.filter(({ kind }) => kind === "aggregate").map(({ name }) => name.toLowerCase());
    const showValues = this.#options.showValues ?? job.showValues ?? false;
    const statement = { sql: job.reduce ?? null, aggregates, showValues };
    const what = { parts, output: target, format: job.outputFormat, threads, ...statement };
    const seconds = plan.reduceCalls.length > 0 ? timeoutSeconds : undefined;
    await reduceStage({ slot: this.#first, request: { kind: "reduce", ...what }, retries, seconds });
    report(1);
  }
}
