import * as z from "zod";
import { dataFormatSchema } from "../../core/job.ts";
import { functionKinds } from "../../core/manifest.ts";
import { traceSchema } from "../traced-error.ts";
import { badRowSchema, quarantineSchema } from "./bad-row.ts";

/*
 * What the coordinator and a worker process say to each other. A request is answered by exactly one reply with its id;
 * progress may come before it. Both sides validate what they get.
 */

const filePath = z.string().min(1);

export const inputFileSchema = z.object({
  path: filePath,
  /** As the author wrote it, relative to the module. */
  shown: z.string(),
  rows: z.number().int().nonnegative(),
  /** Rows of each row group of a Parquet file, in order. */
  groups: z.array(z.number().int().nonnegative()),
});
export type InputFile = z.infer<typeof inputFileSchema>;

/** A column with DuckDB's name of its type. */
export const columnSchema = z.object({ name: z.string(), type: z.string() });
export type Column = z.infer<typeof columnSchema>;

/** The rows of a part, see `PartRows`. */
const partFields = {
  /** Parquet; more than one is read whole. */
  files: z.array(filePath).min(1),
  first: z.number().int().nonnegative(),
  count: z.number().int().nonnegative(),
  /** Rows of each file. */
  fileRows: z.array(z.number().int().nonnegative()),
  /** The author's `map`. */
  sql: z.string(),
};

/** A row that is set aside, and what is said of it. */
export const asideSchema = z.object({
  path: filePath,
  /** The path as the author wrote it. */
  shown: z.string(),
  /** Of the file, from 0. */
  row: z.number().int().nonnegative(),
  function: z.string(),
  message: z.string(),
  /** `src/route.cpp:41`; null where it is not known. */
  place: z.string().nullable(),
});
export type AsideRow = z.infer<typeof asideSchema>;

/** A job's statements for Spark, to be run under `sparkSqlSettings` with the module's functions registered. */
export const sparkPlanSchema = z.object({
  /** A SELECT over a temporary view `input`. */
  map: z.string(),
  /** A SELECT over a temporary view `mapped`, the rows that `map` gives. */
  reduce: z.string().nullable(),
  /** The columns that `map` reads, which the view `input` must have, with DuckDB's types and those they have in Spark. */
  input: z.array(columnSchema.extend({ sparkType: z.string() })),
  /** The columns that the last statement gives, with the types that the local runner writes for them. */
  output: z.array(columnSchema.extend({ sparkType: z.string() })),
});
export type SparkPlan = z.infer<typeof sparkPlanSchema>;

const requests = [
  /** Evaluates the job file; before `open`. */
  z.object({
    kind: z.literal("read"),
    /** For messages, relative to the module. */
    jobFile: z.string(),
    bundle: filePath,
  }),
  z.object({
    kind: z.literal("open"),
    artifacts: z.array(
      z.object({
        module: z.string(),
        path: filePath,
        configs: z.record(z.string(), filePath),
        /** Names of its functions, in its order. */
        functions: z.array(z.string()),
      }),
    ),
    temporary: filePath,
    /** The artifacts write here where they crash. */
    crashes: filePath,
    memoryMegabytes: z.number().int().positive(),
  }),
  z.object({
    kind: z.literal("plan"),
    root: filePath,
    jobFile: z.string(),
    input: z.string(),
    /** Of an input that this machine does not see; null for files here, which are looked at. */
    columns: z.array(columnSchema).nullable().default(null),
    format: dataFormatSchema,
    map: z.string(),
    reduce: z.string().nullable(),
    functions: z.array(
      z.object({ module: z.string(), name: z.string(), kind: z.enum(functionKinds), signature: z.string() }),
    ),
    /** With "spark" the reply has the statements in Spark SQL too, or what cannot be said in it is refused. */
    dialect: z.enum(["duckdb", "spark"]).default("duckdb"),
  }),
  /** Asked of a process that is not opened. */
  z.object({ kind: z.literal("describe"), root: filePath, input: z.string(), format: dataFormatSchema }),
  z.object({
    kind: z.literal("stage"),
    file: filePath,
    shown: z.string(),
    format: dataFormatSchema,
    columns: z.array(columnSchema),
    output: filePath,
    threads: z.number().int().positive(),
    /** Only so many rows; all where it is null. */
    limit: z.number().int().positive().nullable(),
  }),
  z.object({
    kind: z.literal("map"),
    ...partFields,
    /** Rows of the row group that `first` lies in that come before it. */
    skipped: z.number().int().nonnegative(),
    output: filePath,
    format: dataFormatSchema,
    /** The output is a part of the run's result, and not read again by the run. */
    final: z.boolean(),
    /** Rows that functions have crashed at or near: these calls are tried in a copy of the process first. */
    guarded: z.array(
      z.object({ function: z.string(), begin: z.number().int().nonnegative(), end: z.number().int().nonnegative() }),
    ),
    /** Rows of the part that are known to fail; they are left out. */
    known: z.array(badRowSchema),
    /** Sets rows that fail aside; null fails with the first one. */
    quarantine: quarantineSchema.nullable(),
    /** Failures have the values of their arguments. */
    showValues: z.boolean(),
  }),
  /** Whether rows `begin` to `end - 1` of a part fail (where they crash, the answer is the worker's death). */
  z.object({
    kind: z.literal("probe"),
    ...partFields,
    begin: z.number().int().nonnegative(),
    end: z.number().int().nonnegative(),
    /** Rows that are left out, ascending. */
    without: z.array(z.number().int().nonnegative()),
  }),
  /** Writes rows of the input, with what is to be said of each. */
  z.object({
    kind: z.literal("setAside"),
    rows: z.array(asideSchema),
    output: filePath,
    format: dataFormatSchema,
  }),
  /** Which of the parts, that another run has made, are whole. */
  z.object({ kind: z.literal("verify"), parts: z.array(filePath), format: dataFormatSchema }),
  z.object({
    kind: z.literal("reduce"),
    parts: z.array(filePath),
    /** Null puts the parts together as they are. */
    sql: z.string().nullable(),
    output: filePath,
    format: dataFormatSchema,
    threads: z.number().int().positive(),
    /** Names, in lower case, of functions that are given groups. */
    aggregates: z.array(z.string()),
    /** Failures have the values of their arguments. */
    showValues: z.boolean(),
  }),
  z.object({
    kind: z.literal("preview"),
    files: z.array(filePath),
    format: dataFormatSchema,
    columns: z.array(columnSchema),
    limit: z.number().int(),
  }),
  /** Ends the process; there is no reply. */
  z.object({ kind: z.literal("close") }),
] as const;
const requestSchema = z.discriminatedUnion("kind", requests);
export type Request = z.infer<typeof requestSchema>;

export const toWorkerSchema = z.object({ id: z.number().int(), request: requestSchema });
export type ToWorker = z.infer<typeof toWorkerSchema>;

/** What each request is answered with. */
export const replySchemas = {
  read: z.object({ job: z.unknown() }),
  open: z.object({ digests: z.record(z.string(), z.string()) }),
  plan: z.object({
    files: z.array(inputFileSchema),
    /** Of the input. */
    columns: z.array(columnSchema),
    /** Of what the run will write. */
    outputColumns: z.array(columnSchema),
    /** Names of module functions that `reduce` calls: it runs on one thread then. */
    reduceCalls: z.array(z.string()),
    /** Names, in lower case, of functions that `map` surely gives every row once and in order. */
    inOrder: z.array(z.string()),
    /** Names of module functions that DuckDB has a function of, too. */
    builtins: z.array(z.string()),
    /** Null for the dialect "duckdb". */
    spark: sparkPlanSchema.nullable(),
  }),
  /** The first file of the input, and its columns. */
  describe: z.object({ file: filePath, columns: z.array(columnSchema) }),
  stage: z.object({ rows: z.number().int(), groups: z.array(z.number().int()) }),
  map: z.object({ rows: z.number().int(), bad: z.array(badRowSchema) }),
  /** Whether the rows fail. */
  probe: z.object({ failed: z.boolean() }),
  setAside: z.object({ rows: z.number().int() }),
  verify: z.object({ whole: z.array(filePath) }),
  reduce: z.object({ rows: z.number().int() }),
  close: z.object({}),
  preview: z.object({
    columns: z.array(columnSchema),
    rows: z.number().int(),
    preview: z.array(z.array(z.string().nullable())),
  }),
} as const satisfies Record<Request["kind"], z.ZodType>;
export type Reply<Kind extends Request["kind"]> = z.infer<(typeof replySchemas)[Kind]>;

/** A `UdfError` on its way between processes. */
export const failureSchema = z.object({
  code: z.string(),
  what: z.string(),
  where: z.string().optional(),
  next: z.string().optional(),
  details: z.string().optional(),
  trace: traceSchema.optional(),
});
export type RequestOf<Kind extends Request["kind"]> = Extract<Request, { kind: Kind }>;
export type Failure = z.infer<typeof failureSchema>;

export const fromWorkerSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready"), pid: z.number().int() }),
  /** These rows of the part are computed next, for a report of where a function is. */
  z.object({
    kind: z.literal("selection"),
    id: z.number().int(),
    begin: z.number().int().nonnegative(),
    without: z.array(z.number().int().nonnegative()),
  }),
  /** These rows of the part were found to fail. */
  z.object({ kind: z.literal("badRows"), id: z.number().int(), rows: z.array(badRowSchema) }),
  z.object({ kind: z.literal("progress"), id: z.number().int(), fraction: z.number() }),
  z.object({ kind: z.literal("done"), id: z.number().int(), reply: z.unknown(), peakBytes: z.number().int() }),
  z.object({ kind: z.literal("failed"), id: z.number().int(), failure: failureSchema, peakBytes: z.number().int() }),
]);
export type FromWorker = z.infer<typeof fromWorkerSchema>;
