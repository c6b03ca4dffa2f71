import * as z from "zod";
import { diagnosticSchema } from "./diagnostic.ts";
import { sanitizerSets } from "./sanitizers.ts";

const stamp = {
  /** 1, 2, 3 … without a gap in each run. */
  seq: z.number().int().positive(),
  /** ISO 8601, UTC. */
  time: z.string(),
  run: z.string(),
};
/** From 1; 0 is the process that drives a run on a cluster, whose workers are the executors. */
const worker = z.number().int().nonnegative();

export const logLevels = ["debug", "info", "warning", "error"] as const;
export const runOutcomes = ["succeeded", "failed", "cancelled"] as const;
export type RunOutcome = (typeof runOutcomes)[number];

/** Stages of a run, in order. `stage` copies CSV and NDJSON input to Parquet so that it can be cut into row ranges. */
export const stageNames = ["stage", "map", "reduce"] as const;
export type StageName = (typeof stageNames)[number];

/** Made at the first event: a window that shows none does not wait for it. */
const variants = () =>
  [
    z.object({
      ...stamp,
      kind: z.literal("run.queued"),
      job: z.string(),
      target: z.string(),
      module: z.string(),
      /** Process that owns the run; `runs cancel` signals it. */
      pid: z.number().int(),
      /** The run takes only so many rows of the input, and its result is no output of the job. */
      sampleRows: z.number().int().positive().optional(),
      /** The run looks for mistakes with these, and its result is no output of the job. */
      sanitize: z.enum(sanitizerSets).optional(),
    }),
    z.object({
      ...stamp,
      kind: z.literal("run.started"),
      artifact: z.string(),
      sha256: z.string(),
      rows: z.number().int().nullable(),
      parts: z.number().int(),
      /** Parts taken over from an earlier, failed run of the same plan. */
      resumedParts: z.number().int(),
      workers: z.number().int(),
    }),
    z.object({
      ...stamp,
      kind: z.literal("run.phase"),
      /** What goes on from now on, for people: `starting Spark`. Progress of a stage replaces it. */
      text: z.string(),
    }),
    z.object({
      ...stamp,
      kind: z.literal("stage.progress"),
      stage: z.enum(stageNames),
      rows: z.number().int(),
      totalRows: z.number().int().nullable(),
      parts: z.number().int(),
      totalParts: z.number().int(),
      bytes: z.number().int().optional(),
      /** Rows that have been set aside so far; absent where none have. */
      badRows: z.number().int().positive().optional(),
    }),
    z.object({
      ...stamp,
      kind: z.literal("part.started"),
      part: z.number().int(),
      worker,
      attempt: z.number().int().positive(),
      /** A file of the input; on a cluster, the stage and the partition. */
      file: z.string(),
      /** Rows `first` to `last` of `file`, counted from 0, both included; absent on a cluster. */
      first: z.number().int().optional(),
      last: z.number().int().optional(),
    }),
    z.object({
      ...stamp,
      kind: z.literal("part.finished"),
      part: z.number().int(),
      worker,
      outcome: z.enum(["succeeded", "failed"]),
      seconds: z.number(),
      /** Highest resident memory that the worker has reported so far. */
      peakBytes: z.number().int().nullable().optional(),
    }),
    z.object({
      ...stamp,
      kind: z.literal("worker.started"),
      worker,
      /** Null where it is another machine's. */
      pid: z.number().int().nullable(),
      sha256: z.string(),
    }),
    z.object({
      ...stamp,
      kind: z.literal("worker.exited"),
      worker,
      pid: z.number().int().nullable(),
      exitCode: z.number().int().nullable(),
      signal: z.string().nullable(),
      /** Highest resident memory that the worker reported. */
      peakBytes: z.number().int().nullable(),
      /** The runner ended it: the run was cancelled or has failed, or a part took too long. */
      killed: z.boolean().optional(),
    }),
    z.object({
      ...stamp,
      kind: z.literal("log"),
      worker,
      stream: z.enum(["stdout", "stderr"]),
      level: z.enum(logLevels),
      text: z.string(),
    }),
    z.object({ ...stamp, kind: z.literal("diagnostic"), diagnostic: diagnosticSchema }),
    z.object({
      ...stamp,
      kind: z.literal("metric"),
      name: z.string(),
      value: z.number(),
      unit: z.enum(["rows", "seconds", "rows/s", "bytes"]),
    }),
    z.object({
      ...stamp,
      kind: z.literal("result"),
      path: z.string(),
      rows: z.number().int(),
      columns: z.array(z.object({ name: z.string(), type: z.string() })),
      /** The first rows, each value as the text that DuckDB gives it; null is null. */
      preview: z.array(z.array(z.string().nullable())),
      /** The rows that were set aside, with their errors; absent where there are none. */
      badRows: z.object({ path: z.string(), rows: z.number().int().positive() }).optional(),
    }),
    z.object({
      ...stamp,
      kind: z.literal("run.finished"),
      outcome: z.enum(runOutcomes),
      seconds: z.number(),
      /** One line: why it failed or was cancelled. */
      message: z.string().optional(),
    }),
  ] as const;

/** One line of a run's `events.ndjson`; the same from every runner. */
export const runEventSchema = z.lazy(() => z.discriminatedUnion("kind", variants()));
export type RunEvent = z.infer<typeof runEventSchema>;

type StageProgress = Pick<Extract<RunEvent, { kind: "stage.progress" }>, "rows" | "totalRows" | "parts" | "totalParts">;

type Unstamped<Event> = Event extends RunEvent ? Omit<Event, keyof typeof stamp> : never;
/** An event before the run store has numbered and dated it. */
export type RunEventBody = Unstamped<RunEvent>;

/** How much of a stage is done, 0 to 1: of its rows, or of its parts where nobody knows how many rows there are. */
export function shareOf({ rows, totalRows, parts, totalParts }: StageProgress): number {
  const share = totalRows === null ? parts / totalParts : rows / totalRows;
  return Number.isFinite(share) ? Math.min(1, share) : 0;
}

/** The process of this machine that drives a run on a cluster. */
export const driverNumber = 0;

/** `worker 3`, or `driver`. */
export function workerName(worker: number): string {
  return worker === driverNumber ? "driver" : `worker ${worker}`;
}
