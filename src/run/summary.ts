import type { Diagnostic } from "../core/diagnostic.ts";
import type { UdfError } from "../core/error.ts";
import type { RunEvent, RunOutcome } from "../core/events.ts";

/** How a run went, from its events. */
export type RunSummary = {
  id: string;
  job: string;
  target: string;
  outcome: RunOutcome | "running";
  /** Rows of the input that were computed. */
  rows: number;
  outputRows: number;
  seconds: number;
  rowsPerSecond: number;
  peakWorkerBytes: number | null;
  outputPath: string | null;
  /** Folder of the run: events, and the logs of the workers. */
  logPath: string;
  columns: { name: string; type: string }[];
  preview: (string | null)[][];
  diagnostics: Diagnostic[];
  /** Why it failed or was cancelled; absent for a run that is read from disk. */
  error?: UdfError;
};

export function emptySummary(id: string, logPath: string): RunSummary {
  return {
    ...{ id, logPath, job: "", target: "", outcome: "running", rows: 0, outputRows: 0, seconds: 0, rowsPerSecond: 0 },
    ...{ peakWorkerBytes: null, outputPath: null, columns: [], preview: [], diagnostics: [] },
  };
}

/** The summary with one more event in it. */
export function addToSummary(summary: RunSummary, event: RunEvent): RunSummary {
  switch (event.kind) {
    case "run.queued":
      return { ...summary, job: event.job, target: event.target };
    case "stage.progress":
      return event.stage === "map" ? { ...summary, rows: event.rows } : summary;
    case "worker.exited":
      if (event.peakBytes === null) return summary;
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
      };
    case "run.finished": {
      const rate = event.seconds > 0 ? summary.rows / event.seconds : 0;
      return { ...summary, outcome: event.outcome, seconds: event.seconds, rowsPerSecond: rate };
    }
    case "run.started":
    case "part.started":
    case "part.finished":
    case "worker.started":
    case "log":
    case "metric":
      return summary;
  }
}
