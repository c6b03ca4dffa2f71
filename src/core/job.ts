import * as z from "zod";

export const dataFormats = ["parquet", "csv", "ndjson"] as const;
export const dataFormatSchema = z.enum(dataFormats);
export type DataFormat = z.infer<typeof dataFormatSchema>;

/** What a run does with a row that a function fails at: it fails, or sets the row aside and goes on. */
export const onBadRowSchema = z.enum(["fail", "quarantine"]);
export type OnBadRow = z.infer<typeof onBadRowSchema>;
/** More are seldom bad rows, and more often a bad function. */
export const defaultMaxBadRows = 1000;

/** What a `*.job.ts` file exports. Paths are relative to the module's folder, or addresses that Spark reads and writes. */
export const jobSchema = z.strictObject({
  modules: z.array(z.string()).min(1),
  input: z.strictObject({
    /** One file or a glob of files that have the same columns. */
    path: z.string().min(1),
    /** Taken from the file's ending where it is not given. */
    format: dataFormatSchema.optional(),
  }),
  /** A row-wise SELECT … FROM input. */
  map: z.string().min(1),
  /** SQL over the mapped rows, the table `mapped`. */
  reduce: z.string().min(1).optional(),
  output: z.strictObject({ path: z.string().min(1), format: dataFormatSchema.optional() }),
  onBadRow: onBadRowSchema.optional(),
  /** With "quarantine": the run fails when more rows than this fail. */
  maxBadRows: z.number().int().nonnegative().optional(),
  /** Messages show the arguments of the row that failed. */
  showValues: z.boolean().optional(),
});
export type Job = z.infer<typeof jobSchema>;

/**
 * Whether a path of a job is an address in a storage of its own, such as `hdfs://…` or `s3a://…`. A single letter is a drive
 * of Windows.
 */
export function isAddress(path: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\//i.test(path);
}

const endings: Record<string, DataFormat> = {
  ".parquet": "parquet",
  ".csv": "csv",
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
};

/** The format that a path's ending names; undefined where it names none. */
export function formatOfPath(path: string): DataFormat | undefined {
  const dot = path.lastIndexOf(".");
  return dot < 0 ? undefined : endings[path.slice(dot).toLowerCase()];
}
