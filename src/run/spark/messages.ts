import * as z from "zod";
import { sparkSchema } from "./spark-schema.ts";

/*
 * What the coordinator of a run and its driver on Spark (driver/, in Python) say to each other, a line of JSON each.
 */

/** What a driver is to do; the first message to it. */
export type DriverRequest = {
  kind: "run";
  /** What Spark shows the application by. */
  name: string;
  /** URL of a Spark Connect server; null where spark-submit has made the session. */
  connect: string | null;
  /** Settings that a session over Connect is given; spark-submit has read its own from a file. */
  settings: Readonly<Record<string, string>>;
  /** Settings that the job's SQL relies on. */
  sqlSettings: Readonly<Record<string, string>>;
  /** Folders of Python stubs. */
  stubs: readonly string[];
  /** An address of Parquet whose columns are to be told before the work can be; null where they are known. */
  describe: string | null;
};

/** What the session computes. */
export type DriverWork = { script: string } | DriverJob;

export type DriverJob = {
  script: null;
  modules: readonly string[];
  /** Addresses of Parquet. */
  input: readonly string[];
  sampleRows: number | null;
  /** Spark SQL over the view `input`. */
  map: string;
  /** Spark SQL over the view `mapped`. */
  reduce: string | null;
  /** Where Spark writes a folder of Parquet parts. */
  output:
    | { kind: "parts"; address: string }
    /** In a storage of the cluster's. The folder appears when it is whole; its first rows come into the file `preview`. */
    | { kind: "storage"; address: string; overwrite: boolean; preview: string; previewRows: number; run: string };
};

/**
 * `begin`: the executors will do. `cancel`: everything that the session computes is to end. `end`: what the executors
 * wrote has been read, and the session, with which YARN drops it, may go.
 */
export type ToDriver = DriverRequest | { kind: "begin"; work: DriverWork } | { kind: "cancel" } | { kind: "end" };

/** What an executor's Python worker says of its machine; null is what it could not tell. */
export const executorFactsSchema = z.object({
  host: z.string(),
  machine: z.string(),
  python: z.string(),
  executable: z.string(),
  glibc: z.string().nullable(),
  pyarrow: z.string().nullable(),
  /** The folder of files that were sent, where nothing in it may be executed. */
  noexec: z.string().nullable(),
});
export type ExecutorFacts = z.infer<typeof executorFactsSchema>;

const count = z.number().int().nonnegative();

export const fromDriverSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("hello"), token: z.string(), pid: z.number().int() }),
  z.object({
    kind: z.literal("session"),
    version: z.string(),
    /** Spark's id of the application, or of the session on a Connect server. */
    application: z.string(),
    /** Spark's own pages about it. */
    page: z.string().nullable(),
    master: z.string(),
    /** Settings that the server does not take any more. */
    refused: z.array(z.string()),
  }),
  z.object({ kind: z.literal("executors"), hosts: z.array(executorFactsSchema) }),
  z.object({
    kind: z.literal("executor"),
    executor: z.string(),
    address: z.string(),
    active: z.boolean(),
    /** Where its stderr can be read over HTTP. */
    log: z.string().nullable(),
    /** Why it was removed. */
    reason: z.string().nullable(),
  }),
  z.object({
    kind: z.literal("stage"),
    stage: count,
    tasks: count,
    done: count,
    /** Of files that it has read. */
    rows: count,
  }),
  z.object({
    kind: z.literal("task"),
    task: count,
    stage: count,
    partition: count,
    attempt: z.number().int().positive(),
    executor: z.string(),
    /** Source: Spark's TaskInfo.status. */
    status: z.string(),
    seconds: z.number().nullable(),
  }),
  z.object({ kind: z.literal("described"), schema: sparkSchema }),
  /** The result is being put in its place in a storage, which nothing ends; then it is there. */
  z.object({ kind: z.literal("publishing") }),
  z.object({ kind: z.literal("published") }),
  /** After it: how many rows there are; null where that cannot be told. */
  z.object({ kind: z.literal("stored"), rows: count.nullable() }),
  z.object({
    kind: z.literal("refused"),
    why: z.enum(["input missing", "output exists", "output in the way"]),
    text: z.string(),
  }),
  z.object({ kind: z.literal("cancelled") }),
  z.object({
    kind: z.literal("failed"),
    /** Python's traceback, with what Spark says. */
    text: z.string(),
  }),
  z.object({ kind: z.literal("done") }),
]);
export type FromDriver = z.infer<typeof fromDriverSchema>;
