import { readFileSync } from "node:fs";
import path from "node:path";
import { UdfError } from "../core/error.ts";
import { type DataFormat, formatOfPath, isAddress, type Job, jobSchema } from "../core/job.ts";
import type { Module } from "../core/module.ts";
import { suggestion } from "../core/nearest.ts";
import type { JobFile } from "./job-files.ts";
import { placeOfField } from "./job-place.ts";

/** A job with what its paths leave open filled in. */
export type ParsedJob = Job & { inputFormat: DataFormat; outputFormat: DataFormat };

type Options = {
  module: Module;
  file: JobFile /** Modules that the run has artifacts of. */;
  known: readonly string[];
};

/** What a job file exports, as a job. Throws JOB_INVALID with the line of the field that is wrong. */
export function parseJob(value: unknown, { module, file, known }: Options): ParsedJob {
  const fail = (field: readonly PropertyKey[], parts: { what: string; next: string; cause?: unknown }): UdfError => {
    const { line, column } = placeOfField(readFileSync(file.path, "utf8"), field);
    return new UdfError("JOB_INVALID", {
      ...parts,
      where: `${path.relative(module.root, file.path)}:${line}:${column}`,
    });
  };
  const parsed = jobSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const extra = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
    const field = [...(issue?.path ?? []), ...extra];
    const name = field.length > 0 ? `${field.map(String).join(".")}: ` : "";
    throw fail(field, { what: `${name}${issue?.message}`, next: "Correct the job file.", cause: parsed.error });
  }
  const job = parsed.data;
  const unknown = job.modules.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw fail(["modules"], { what: `there is no module "${unknown}"`, next: suggestion(unknown, known) });
  }
  const format = (field: "input" | "output", fallback?: DataFormat): DataFormat => {
    const found = job[field].format ?? formatOfPath(job[field].path) ?? fallback;
    if (found) return found;
    throw fail([field, "path"], {
      what: `the ending of "${job[field].path}" names no format`,
      next: `Give ${field}.format: "parquet", "csv" or "ndjson".`,
    });
  };
  const isFolder = job.output.path.endsWith("/");
  return {
    ...job,
    // a folder there, of which Spark has one format only
    inputFormat: format("input", isAddress(job.input.path) ? "parquet" : undefined),
    outputFormat: format("output", isFolder || isAddress(job.output.path) ? "parquet" : undefined),
  };
}
