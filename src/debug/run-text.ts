import { formatDiagnostic } from "../core/diagnostic.ts";
import type { RunEvent } from "../core/events.ts";
import type { RunSummary } from "../run/submit.ts";

/** What a debug console says of an event; undefined for those that it does not show. */
export function describeEvent(event: RunEvent): string | undefined {
  switch (event.kind) {
    case "run.queued":
      return `Run ${event.run} of the job ${event.job}, with one worker. The result goes to the run's folder.`;
    case "run.started":
      return `${event.rows ?? "?"} rows in ${event.parts} parts, ${event.artifact}`;
    case "diagnostic":
      return formatDiagnostic(event.diagnostic);
    case "stage.progress":
    case "part.started":
    case "part.finished":
    case "worker.started":
    case "worker.exited":
    case "log":
    case "metric":
    case "result":
    case "run.finished":
      return undefined;
  }
}

export function describeSummary({ id, outcome, rows, outputPath, error }: RunSummary): string {
  if (outcome === "succeeded") return `Run ${id} succeeded: ${rows} rows. Result: ${outputPath}`;
  return `Run ${id} ${outcome}${error ? `: ${error.message}` : ""}`;
}
