import * as z from "zod";
import { diagnosticSchema } from "../core/diagnostic.ts";
import type { UdfError } from "../core/error.ts";
import { driverNumber, type RunEvent, runOutcomes } from "../core/events.ts";
import { sanitizerSets } from "../core/sanitizers.ts";

/** How a run went, from its events; kept in its folder, so that a list of runs need not read their logs. */
export const runSummarySchema = z.lazy(() =>
  z.object({
    id: z.string(),
    job: z.string(),
    target: z.string(),
    /** The run took only so many rows of the input, and its result is no output of the job. */
    sampleRows: z.number().int().positive().optional(),
    /** The run looked for mistakes with these, and its result is no output of the job. */
    sanitize: z.enum(sanitizerSets).optional(),
    outcome: z.enum([...runOutcomes, "running"]),
    /** Rows of the input that were computed. */
    rows: z.number(),
    outputRows: z.number(),
    /** Parts that were taken over from an earlier run. */
    resumedParts: z.number(),
    seconds: z.number(),
    rowsPerSecond: z.number(),
    /** Highest resident memory of one worker, in bytes. */
    peakWorkerBytes: z.number().nullable(),
    outputPath: z.string().nullable(),
    /** The rows that were set aside, with their errors; null where there are none. */
    badRows: z.object({ path: z.string(), rows: z.number().int() }).nullable().default(null),
    /** Folder of the run: events, and the logs of the workers. */
    logPath: z.string(),
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    preview: z.array(z.array(z.string().nullable())),
    diagnostics: z.array(diagnosticSchema),
  }),
);
export type RunSummary = z.infer<typeof runSummarySchema> & {
  /** Why it failed or was cancelled; absent for a run that is read from disk. */
  error?: UdfError;
};

export function emptySummary(id: string, logPath: string): RunSummary {
  return {
    ...{ id, logPath, job: "", target: "", outcome: "running", rows: 0, outputRows: 0, resumedParts: 0, seconds: 0 },
    ...{
      rowsPerSecond: 0,
      peakWorkerBytes: null,
      outputPath: null,
      badRows: null,
      columns: [],
      preview: [],
      diagnostics: [],
    },
  };
}

/** The summary with one more event in it. */
export function addToSummary(summary: RunSummary, event: RunEvent): RunSummary {
  switch (event.kind) {
    case "run.queued":
      return {
        ...summary,
        job: event.job,
        target: event.target,
        ...(event.sampleRows === undefined ? {} : { sampleRows: event.sampleRows }),
        ...(event.sanitize === undefined ? {} : { sanitize: event.sanitize }),
      };
    case "run.started":
      return { ...summary, resumedParts: event.resumedParts };
    case "stage.progress":
      return event.stage === "map" ? { ...summary, rows: event.rows } : summary;
    case "worker.exited":
      // the process that drives a run on a cluster is none of its workers
      if (event.peakBytes === null || event.worker === driverNumber) return summary;
      return { ...summary, peakWorkerBytes: Math.max(event.peakBytes, summary.peakWorkerBytes ?? 0) };
    case "diagnostic":
      return { ...summary, diagnostics: [...summary.diagnostics, event.diagnostic] };
    case "result":
      return {
        ...summary,
        outputPath: event.path,
        outputRows: event.rows,
        columns: event.columns,
        preview: event.preview,
        badRows: event.badRows ?? null,
      };
    case "run.finished": {
      const rate = event.seconds > 0 ? summary.rows / event.seconds : 0;
      return { ...summary, outcome: event.outcome, seconds: event.seconds, rowsPerSecond: rate };
    }
    case "run.phase":
    case "part.started":
    case "part.finished":
    case "worker.started":
    case "log":
    case "metric":
      return summary;
  }
}
