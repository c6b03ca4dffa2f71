import { availableParallelism } from "node:os";
import { UdfError } from "../../core/error.ts";
import { driverNumber } from "../../core/events.ts";
import type { DataFormat } from "../../core/job.ts";
import type { Manifest } from "../../core/manifest.ts";
import type { Module } from "../../core/module.ts";
import type { JobBundle } from "../bundle-job.ts";
import type { EventLog } from "../event-log.ts";
import type { JobFile } from "../job-files.ts";
import { LogLimit } from "../log-limit.ts";
import { type ParsedJob, parseJob } from "../parse-job.ts";
import type { RunFolder } from "../run-folder.ts";
import { storeConfig } from "./kept-inputs.ts";
import type { Column, InputFile, Reply, SparkPlan } from "./messages.ts";
import { openingOf } from "./opening.ts";
import { planRequest } from "./plan-request.ts";
import { SanitizerFindings } from "./sanitizer-findings.ts";
import { stageInput } from "./stage-input.ts";
import { WorkerSlot } from "./worker-slot.ts";

export type LocalPartOptions = {
  module: Module;
  job: JobFile;
  bundle: Promise<JobBundle>;
  artifacts: readonly { manifest: Manifest; path: string }[];
  folder: RunFolder;
  log: EventLog;
  readSeconds: number;
  logBytes: number;
  nodePath: string;
};

export type PlannedJob = { plan: Reply<"plan">; statements: SparkPlan };

const previewRows = 20;

/**
 * What this machine does of a run that is computed elsewhere, with the same code and by the same engine as a local run:
 * it reads the job, checks its SQL, makes Parquet of other input, and writes the result. In a worker process, as both
 * the job file and the artifact are the author's code.
 */
export class LocalPart {
  readonly #options: LocalPartOptions;
  readonly #slot: WorkerSlot;
  #job: Promise<ParsedJob> | undefined;

  constructor(options: LocalPartOptions) {
    this.#options = options;
    const { module, job, artifacts, bundle, folder, log, logBytes, nodePath, readSeconds } = options;
    this.#slot = new WorkerSlot({
      ...{ number: driverNumber, nodePath, cwd: module.root, folder, log, readSeconds },
      findings: new SanitizerFindings(log, module.root),
      logLimit: new LogLimit(logBytes, (diagnostic) => log.emit({ kind: "diagnostic", diagnostic })),
      digests: Object.fromEntries(artifacts.map(({ manifest }) => [manifest.module, manifest.sha256])),
      open: async () => {
        const configs = module.configs.map((config) => storeConfig(module, config));
        return openingOf({ module, job, artifacts, bundle: await bundle, configs, workers: 1 });
      },
    });
    this.#slot.prepare();
  }

  /** What the job file exports. Throws what reading it throws. */
  job(): Promise<ParsedJob> {
    this.#job ??= this.#readJob();
    return this.#job;
  }

  async #readJob(): Promise<ParsedJob> {
    const { module, job: file, artifacts } = this.#options;
    const opened = await this.#slot.retry(0, () => this.#slot.open());
    return parseJob(opened.job, { module, file, known: artifacts.map(({ manifest }) => manifest.module) });
  }

  /**
   * What the job means on Spark. `columns`: of an input that this machine does not see. Throws what planning a local run
   * throws, and SPARK_SQL_UNSUPPORTED.
   */
  async plan(columns: readonly Column[] | undefined): Promise<PlannedJob> {
    const { module, job: file, artifacts } = this.#options;
    const job = await this.job();
    const request = planRequest({ module, file, job, artifacts, dialect: "spark", columns });
    const plan = await this.#slot.retry(0, () => this.#slot.request<"plan">(request));
    if (!plan.spark) throw new UdfError("RUN_FAILED", { what: "the job was not planned for Spark" });
    return { plan, statements: plan.spark };
  }

  /** The input as Parquet files. */
  async stage({ files, columns }: Reply<"plan">, sampleRows: number | undefined): Promise<InputFile[]> {
    const { folder, log } = this.#options;
    const { inputFormat: format } = await this.job();
    const what = { slots: [this.#slot], files, format, columns, folder, log, retries: 0, sampleRows };
    return stageInput(what);
  }

  /** Puts Parquet parts together, in their order, as one file of the job's format. */
  async write({ parts, output, format }: { parts: readonly string[]; output: string; format: DataFormat }) {
    const threads = availableParallelism();
    const calls = { aggregates: [], showValues: false }; // none without a statement
    const request = { kind: "reduce" as const, parts: [...parts], sql: null, output, format, threads, ...calls };
    return this.#slot.retry(0, () => this.#slot.request<"reduce">(request));
  }

  /** How many rows files have, and the first of them as texts. */
  async preview({ files, format, columns }: { files: readonly string[]; format: DataFormat; columns: Column[] }) {
    const request = { kind: "preview" as const, files: [...files], format, columns, limit: previewRows };
    return this.#slot.retry(0, () => this.#slot.request<"preview">(request));
  }

  end(): void {
    this.#slot.end();
  }

  async close(): Promise<void> {
    await this.#slot.close();
  }
}
