import path from "node:path";
import { UdfError } from "../core/error.ts";
import { isAddress } from "../core/job.ts";
import type { JobFile } from "./job-files.ts";
import { LocalPart, type LocalPartOptions } from "./local/local-part.ts";
import { checkOutput, outputOf, refuseToReplace, samplePath } from "./output.ts";
import { ownFiles } from "./own-files.ts";
import type { ParsedJob } from "./parse-job.ts";
import { readAddress } from "./spark/file-address.ts";
import type { SparkRunOptions } from "./spark/options.ts";
import type { Destination, Preparation, PreparedJob } from "./spark/prepared-job.ts";
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
 * run; Spark computes. Input and output that are addresses are Spark's to read and write. Throws what failed.
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
    sqlSettings: sparkSqlSettings,
    addressToDescribe: async () => {
      const job = await local.job();
      refuseQuarantine(options.job, job.onBadRow);
      refuseOtherFormats(job);
      return isAddress(job.input.path) ? job.input.path : undefined;
    },
    prepare: (columns) => prepare(local, columns, options),
    write: (files) => local.write(files),
    preview: (files) => local.preview(files),
  };
}

type Columns = Parameters<Preparation["prepare"]>[0];

async function prepare(local: LocalPart, columns: Columns, options: Options): Promise<PreparedJob> {
  const { module, sampleRows, job: file } = options;
  const job = await local.job();
  const { plan, statements } = await local.plan(columns);
  const destination = destinationOf(job, options);
  if (destination.kind === "output") {
    checkOutput(destination.output);
    refuseToReplace(destination.output, [...plan.files, ...ownFiles(module, file)]);
  }
  const input = columns
    ? [job.input.path]
    : (await local.stage(plan, sampleRows)).map((each) => readAddress(each.path));
  return {
    modules: job.modules,
    input,
    sampleRows,
    map: statements.map,
    reduce: statements.reduce,
    destination,
    columns: plan.outputColumns,
  };
}

function destinationOf(job: ParsedJob, { module, folder, overwrite, sampleRows }: Options): Destination {
  const isSample = sampleRows !== undefined;
  if (!isSample && isAddress(job.output.path)) {
    const preview = path.join(folder.temporary, "preview.parquet");
    return { kind: "storage", address: job.output.path, overwrite, preview };
  }
  const place = isSample
    ? { root: folder.path, path: samplePath(job.output.path) }
    : { root: module.root, path: job.output.path };
  const output = outputOf({ ...place, run: folder.id, overwrite });
  const keepsParts = output.isFolder && job.reduce === undefined;
  return { kind: "output", output, parts: `${output.temporary}.spark`, format: job.outputFormat, keepsParts };
}

/** Throws JOB_INVALID. */
function refuseOtherFormats(job: ParsedJob): void {
  for (const field of ["input", "output"] as const) {
    const format = field === "input" ? job.inputFormat : job.outputFormat;
    if (!isAddress(job[field].path) || format === "parquet") continue;
    throw new UdfError("JOB_INVALID", {
      what: `${field}.path is an address, and Spark ${field === "input" ? "reads" : "writes"} only Parquet there for a job`,
      where: job[field].path,
      next:
        field === "input"
          ? "Make Parquet of it, or copy it to a folder that this machine and the cluster share."
          : 'Give output.format: "parquet".',
    });
  }
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
