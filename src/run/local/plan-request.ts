import path from "node:path";
import { formatSignature, type Manifest } from "../../core/manifest.ts";
import type { Module } from "../../core/module.ts";
import type { JobFile } from "../job-files.ts";
import type { ParsedJob } from "../parse-job.ts";
import type { Column, RequestOf } from "./messages.ts";

type Options = {
  module: Module;
  file: JobFile;
  job: ParsedJob;
  artifacts: readonly { manifest: Manifest; path: string }[];
  /** What the statements are needed in. */
  dialect: RequestOf<"plan">["dialect"];
  /** Of an input that this machine does not see. */
  columns?: readonly Column[] | undefined;
};

/** What a worker is asked to plan a job. */
export function planRequest({ module, file, job, artifacts, dialect, columns }: Options): RequestOf<"plan"> {
  const functions = artifacts.flatMap(({ manifest: { module: of, functions: own } }) => {
    return own.map((description) => ({ of, description }));
  });
  return {
    kind: "plan",
    root: module.root,
    jobFile: path.relative(module.root, file.path),
    input: job.input.path,
    columns: columns ? [...columns] : null,
    format: job.inputFormat,
    map: job.map,
    reduce: job.reduce ?? null,
    dialect,
    functions: functions.map(({ of, description }) => ({
      module: of,
      name: description.name,
      kind: description.kind,
      signature: formatSignature(description),
    })),
  };
}
