import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";
import { suggestion } from "../core/nearest.ts";

const ending = ".job.ts";

export type JobFile = { name: string; path: string };

/** A PySpark script of the author's, which runs on Spark only. */
export function isScript(job: JobFile): boolean {
  return job.path.endsWith(".py");
}

/** The jobs of a module, by name. */
export function listJobs(module: Module): JobFile[] {
  if (!existsSync(module.jobs)) return [];
  return readdirSync(module.jobs)
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => ({ name: file.slice(0, -ending.length), path: path.join(module.jobs, file) }));
}

/** The PySpark scripts of a module, by name. */
export function listScripts(module: Module): JobFile[] {
  if (!existsSync(module.jobs)) return [];
  const files = readdirSync(module.jobs).filter((file) => file.endsWith(".py"));
  return files.sort().map((file) => ({ name: file.slice(0, -".py".length), path: path.join(module.jobs, file) }));
}

/** The job of a name, or of a file's path. Throws JOB_UNKNOWN. */
export function findJob(module: Module, job: string): JobFile {
  const jobs = listJobs(module);
  const named = jobs.find(({ name }) => name === job);
  if (named) return named;
  const file = [path.resolve(job), path.resolve(module.root, job)].find((candidate) => existsSync(candidate));
  if (file?.endsWith(ending)) return { name: path.basename(file, ending), path: file };
  const script = [...(file ? [file] : []), path.join(module.jobs, `${job}.py`)].find(
    (candidate) => candidate.endsWith(".py") && existsSync(candidate),
  );
  if (script) return { name: path.basename(script, ".py"), path: script };
  throw new UdfError("JOB_UNKNOWN", {
    what: `there is no job "${job}"`,
    where: module.jobs,
    next: suggestion(
      job,
      jobs.map(({ name }) => name),
    ),
  });
}
