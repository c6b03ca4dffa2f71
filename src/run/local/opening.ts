import path from "node:path";
import type { Manifest } from "../../core/manifest.ts";
import type { Module } from "../../core/module.ts";
import type { JobBundle } from "../bundle-job.ts";
import type { JobFile } from "../job-files.ts";
import type { StoredObject } from "../objects.ts";
import { storeArtifact } from "./kept-inputs.ts";
import { machineMemory } from "./machine-memory.ts";
import type { Opening } from "./worker-slot.ts";

/** Share of the machine's memory that DuckDB may use in all workers together; beyond it, it spills to disk. */
const memoryShare = 0.5;

type Options = {
  module: Module;
  job: JobFile;
  artifacts: readonly { manifest: Manifest; path: string }[];
  bundle: JobBundle;
  configs: readonly StoredObject[];
  /** How many share the machine. */
  workers: number;
};

/** What each worker of a run is opened with. */
export function openingOf({ module, job, artifacts, bundle, configs, workers }: Options): Opening {
  const places = Object.fromEntries(configs.map(({ name, path: file }) => [name, file]));
  return {
    jobFile: path.relative(module.root, job.path),
    bundle: bundle.path,
    artifacts: artifacts.map(({ manifest, path: file }) => {
      const functions = manifest.functions.map(({ name }) => name);
      return { module: manifest.module, path: storeArtifact(module, file).path, configs: places, functions };
    }),
    memoryMegabytes: Math.max(256, Math.floor((machineMemory() * memoryShare) / workers / 1e6)),
  };
}
