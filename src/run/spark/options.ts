import type { Manifest } from "../../core/manifest.ts";
import type { Module } from "../../core/module.ts";
import type { SparkTarget } from "../../core/target.ts";
import type { EventLog } from "../event-log.ts";
import type { JobFile } from "../job-files.ts";
import type { RunFolder } from "../run-folder.ts";
import type { Preparation } from "./prepared-job.ts";

export type SparkRunOptions = {
  module: Module;
  job: JobFile;
  target: { name: string; spark: SparkTarget };
  /** Undefined for a script, which does everything itself. */
  preparation: Preparation | undefined;
  artifacts: readonly { manifest: Manifest; path: string }[];
  folder: RunFolder;
  log: EventLog;
  logBytes: number;
  workers: number | undefined;
  timeoutSeconds: number | undefined;
  showValues: boolean | undefined;
  signal: AbortSignal;
};
