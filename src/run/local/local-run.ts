import { rmSync, statSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import path from "node:path";
import { z } from "zod";
import { UdfError } from "../../core/error.ts";
import { type DataFormat, formatOfPath, type Job, jobSchema } from "../../core/job.ts";
import { formatSignature, type Manifest } from "../../core/manifest.ts";
import type { Module } from "../../core/module.ts";
import { suggestion } from "../../core/nearest.ts";
import type { JobBundle } from "../bundle-job.ts";
import type { EventLog } from "../event-log.ts";
import type { JobFile } from "../job-files.ts";
import { type StoredObject, storeObject } from "../objects.ts";
import type { RunFolder } from "../run-folder.ts";
import { mapStage } from "./map-stage.ts";
import type { InputFile, Reply } from "./messages.ts";
import { checkOutput, type Output, outputOf, publishFile, publishFolder } from "./output.ts";
import { partName, planKey, takeFinishedParts, writePlan } from "./resume.ts";
import { cutIntoRanges, type RowRange } from "./row-ranges.ts";
import { stageInput } from "./stage-input.ts";
import { WorkerSlot } from "./worker-slot.ts";

export type LocalRunOptions = {
  module: Module;
  job: JobFile;
  bundle: JobBundle;
  artifacts: readonly { manifest: Manifest; path: string }[];
  folder: RunFolder;
  log: EventLog;
  workers: number | undefined;
  timeoutSeconds: number | undefined;
  retries: number;
  overwrite: boolean;
  nodePath: string;
  signal: AbortSignal;
};

const previewRows = 20;
/** Share of the machine's memory that DuckDB may use in all workers together; beyond it, it spills to disk. */
const memoryShare = 0.5;

/** Runs a job in worker processes on this machine. Throws what failed; everything it started has ended when it returns. */
export async function runLocally(options: LocalRunOptions): Promise<void> {
  const run = new LocalRun(options);
  const stop = () => run.kill();
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
}

class LocalRun {
  readonly #options: LocalRunOptions;
  readonly #slots: readonly WorkerSlot[];
  readonly #configs: readonly StoredObject[];
  #output: Output | undefined;

  constructor(options: LocalRunOptions) {
    this.#options = options;
    const { module, artifacts, bundle, nodePath, folder, log } = options;
    this.#configs = module.configs.map((config) => storeObject(module, config));
    const configs = Object.fromEntries(this.#configs.map(({ name, path: file }) => [name, file]));
    const workers = options.workers ?? availableParallelism();
    const open = {
      bundle: bundle.path,
      artifacts: artifacts.map(({ manifest, path: file }) => ({ module: manifest.module, path: file, configs })),
      memoryMegabytes: Math.max(256, Math.floor((totalmem() * memoryShare) / workers / 1e6)),
    };
    const digests = Object.fromEntries(artifacts.map(({ manifest }) => [manifest.module, manifest.sha256]));
    this.#slots = Array.from(
      { length: workers },
      (_, index) => new WorkerSlot({ number: index + 1, nodePath, cwd: module.root, folder, log, open, digests }),
    );
  }

  kill(): void {
    for (const slot of this.#slots) slot.kill();
  }

  async close(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.close()));
    const { folder } = this.#options;
    for (const left of [folder.temporary, folder.staged]) rmSync(left, { recursive: true, force: true });
    if (this.#output) rmSync(this.#output.temporary, { recursive: true, force: true });
  }

  async execute(): Promise<void> {
    const { module, log, folder, signal, overwrite } = this.#options;
    const first = this.#first();
    // the others start while the first one plans; what fails there is told when they are given work
    for (const slot of this.#slots.slice(1)) slot.open().catch(() => undefined);
    const { reply } = await first.open();
    const job = this.#parseJob(reply.job);
    const output = outputOf({ root: module.root, path: job.output.path, run: folder.id, overwrite });
    checkOutput(output);
    this.#output = output;
    const inputFormat = this.#format(job.input, "input");
    const outputFormat = output.isFolder ? (job.output.format ?? "parquet") : this.#format(job.output, "output");
    const plan = await this.#plan(first, job, inputFormat);
    const files = await stageInput({ slots: this.#slots, files: plan.files, format: inputFormat, folder, log });
    signal.throwIfAborted();
    const ranges = cutIntoRanges(files, this.#slots.length);
    const partFormat = output.isFolder && job.reduce === undefined ? outputFormat : "parquet";
    const key = this.#writePlan({ job, ranges, sources: plan.files, partFormat });
    const done = takeFinishedParts(module, folder, key);
    const partPath = (part: number) => path.join(folder.parts, partName(part, partFormat));
    this.#started({ ranges, resumed: done.size });
    await mapStage({
      ...{ slots: this.#slots, ranges, done, sql: job.map, format: partFormat, partPath, log, signal },
      retries: this.#options.retries,
      timeoutSeconds: this.#options.timeoutSeconds,
    });
    const parts = ranges.map(({ part }) => partPath(part));
    if (partFormat === "parquet" && !output.isFolder) {
      await this.#reduce({ job, parts, format: outputFormat, calls: plan.reduceCalls, output });
      publishFile(output);
    } else publishFolder(output, folder.parts);
    const written = output.isFolder ? parts.map((part) => path.join(output.path, path.basename(part))) : [output.path];
    const preview = await first.request<"preview">({
      kind: "preview",
      files: written,
      format: outputFormat,
      rows: previewRows,
    });
    log.emit({ kind: "result", path: output.path, ...preview });
    rmSync(folder.parts, { recursive: true, force: true });
  }

  #first(): WorkerSlot {
    const [slot] = this.#slots;
    if (!slot) throw new UdfError("USAGE", { what: "a run needs at least one worker" });
    return slot;
  }

  #parseJob(value: unknown): Job {
    const { artifacts, module, job } = this.#options;
    const where = path.relative(module.root, job.path);
    const parsed = jobSchema.safeParse(value);
    if (!parsed.success) {
      const what = z.prettifyError(parsed.error).replaceAll("✖ ", "");
      throw new UdfError("JOB_INVALID", { what, where, next: "Correct the job file.", cause: parsed.error });
    }
    const known = artifacts.map(({ manifest }) => manifest.module);
    const unknown = parsed.data.modules.find((name) => !known.includes(name));
    if (unknown === undefined) return parsed.data;
    throw new UdfError("JOB_INVALID", {
      what: `there is no module "${unknown}"`,
      where,
      next: suggestion(unknown, known),
    });
  }

  #format({ path: file, format }: { path: string; format?: DataFormat | undefined }, field: string): DataFormat {
    const found = format ?? formatOfPath(file);
    if (found) return found;
    throw new UdfError("JOB_INVALID", {
      what: `the ending of ${field}.path "${file}" names no format`,
      where: path.relative(this.#options.module.root, this.#options.job.path),
      next: `Give ${field}.format: "parquet", "csv" or "ndjson".`,
    });
  }

  async #plan(slot: WorkerSlot, job: Job, format: DataFormat): Promise<Reply<"plan">> {
    const { module, job: jobFile, artifacts } = this.#options;
    const functions = artifacts.flatMap(({ manifest }) => manifest.functions);
    return slot.request<"plan">({
      kind: "plan",
      root: module.root,
      jobFile: path.relative(module.root, jobFile.path),
      input: job.input.path,
      format,
      map: job.map,
      reduce: job.reduce ?? null,
      functions: functions.map((description) => ({ name: description.name, signature: formatSignature(description) })),
    });
  }

  #writePlan(plan: {
    job: Job;
    ranges: readonly RowRange[];
    sources: readonly InputFile[];
    partFormat: DataFormat;
  }): string {
    const { artifacts, folder } = this.#options;
    const content = {
      artifacts: artifacts.map(({ manifest }) => manifest.sha256),
      configs: this.#configs.map(({ sha256 }) => sha256),
      map: plan.job.map,
      partFormat: plan.partFormat,
      sources: plan.sources.map(({ path: file }) => ({
        file,
        size: statSync(file).size,
        modified: statSync(file).mtimeMs,
      })),
      ranges: plan.ranges.map(({ file, first, count }) => [file.shown, first, count]),
    };
    const key = planKey(content);
    writePlan(folder, { key, ...content });
    return key;
  }

  #started({ ranges, resumed }: { ranges: readonly RowRange[]; resumed: number }): void {
    const { artifacts, log } = this.#options;
    const [artifact] = artifacts;
    log.emit({
      kind: "run.started",
      artifact: artifact?.manifest.file ?? "",
      sha256: artifact?.manifest.sha256 ?? "",
      rows: ranges.reduce((sum, { count }) => sum + count, 0),
      parts: ranges.length,
      resumedParts: resumed,
      workers: this.#slots.length,
    });
  }

  async #reduce(options: {
    job: Job;
    parts: string[];
    format: DataFormat;
    calls: string[];
    output: Output;
  }): Promise<void> {
    const { job, parts, format, calls, output } = options;
    const sql = job.reduce ?? "SELECT * FROM mapped";
    // a JavaScript callback runs on one thread; without one, DuckDB may use as many as the run has workers
    const threads = calls.length > 0 ? 1 : this.#slots.length;
    await this.#first().request<"reduce">({ kind: "reduce", parts, sql, output: output.temporary, format, threads });
    this.#options.log.emit({
      kind: "stage.progress",
      stage: "reduce",
      rows: 0,
      totalRows: null,
      parts: 1,
      totalParts: 1,
    });
  }
}
