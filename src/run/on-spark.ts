import path from "node:path";
import { UdfError } from "../core/error.ts";
import type { JobFile } from "./job-files.ts";
import { LocalPart, type LocalPartOptions } from "./local/local-part.ts";
import { checkOutput, outputOf, refuseToReplace, samplePath } from "./output.ts";
import { ownFiles } from "./own-files.ts";
import type { SparkRunOptions } from "./spark/options.ts";
import type { Preparation, PreparedJob } from "./spark/prepared-job.ts";
import { runOnSpark } from "./spark/spark-run.ts";
import { sparkSqlSettings } from "./spark-sql/settings.ts";

type Options = Omit<SparkRunOptions, "preparation"> &
  Omit<LocalPartOptions, "bundle"> & {
    /** Undefined for a script. */
    bundle: LocalPartOptions["bundle"] | undefined;
    overwrite: boolean;
    sampleRows: number | undefined;
  };

/**
 * Runs a job or a script on Spark. This machine reads and plans a job, and writes its result, as it does for a local
 * run; Spark computes. Throws what failed.
 */
export async function submitToSpark(options: Options): Promise<void> {
  const { signal, bundle } = options;
  if (bundle === undefined) return runOnSpark({ ...options, preparation: undefined });
  const local = new LocalPart({ ...options, bundle });
  const end = () => local.end();
  signal.addEventListener("abort", end, { once: true });
  try {
    await runOnSpark({ ...options, preparation: preparationOf(local, options) });
  } finally {
    signal.removeEventListener("abort", end);
    await local.close();
  }
}

function preparationOf(local: LocalPart, options: Options): Preparation {
  return {
    prepare: () => prepare(local, options),
    write: (files) => local.write(files),
    preview: (files) => local.preview(files),
  };
}

async function prepare(local: LocalPart, options: Options): Promise<PreparedJob> {
  const { module, folder, overwrite, sampleRows, job: file } = options;
  const planned = await local.plan();
  const { job, plan, statements } = planned;
  refuseQuarantine(file, job.onBadRow);
  const place =
    sampleRows === undefined
      ? { root: module.root, path: job.output.path }
      : { root: folder.path, path: samplePath(job.output.path) };
  const output = outputOf({ ...place, run: folder.id, overwrite });
  checkOutput(output);
  refuseToReplace(output, [...plan.files, ...ownFiles(module, file)]);
  const files = await local.stage(planned, sampleRows);
  return {
    modules: job.modules,
    files: files.map((each) => each.path),
    sampleRows,
    map: statements.map,
    reduce: statements.reduce,
    sqlSettings: sparkSqlSettings,
    output,
    format: job.outputFormat,
    keepsParts: output.isFolder && job.reduce === undefined,
    columns: plan.outputColumns,
  };
}

/** Throws TARGET_UNSUPPORTED. */
export function refuseQuarantine(file: JobFile, onBadRow: string | undefined): void {
  if (onBadRow !== "quarantine") return;
  throw new UdfError("TARGET_UNSUPPORTED", {
    what: "on Spark, rows that a function fails at cannot be set aside",
    where: path.basename(file.path),
    next: 'Run it on the target "local", or let it fail ("--on-bad-row fail") and correct the rows.',
  });
}
