import { formatDiagnostic } from "../core/diagnostic.ts";
import type { RunEvent } from "../core/events.ts";
import type { RunSummary } from "../run/submit.ts";

/** What a debug console says of an event; undefined for those that it does not show. */
export function describeEvent(event: RunEvent): string | undefined {
  switch (event.kind) {
    case "run.queued":
      return `Run ${event.run} of the job ${event.job}, with one worker. The result goes to the run's folder.`;
    case "run.started":
      return `${counted(event.rows, "row")} in ${counted(event.parts, "part")}, ${event.artifact}`;
    case "diagnostic":
      return formatDiagnostic(event.diagnostic);
    case "run.phase":
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
  if (outcome === "succeeded") return `Run ${id} succeeded: ${counted(rows, "row")}. Result: ${outputPath}`;
  return `Run ${id} ${outcome}${error ? `: ${error.message}` : ""}`;
}

function counted(count: number | null, thing: string): string {
  return `${count?.toLocaleString("en-US") ?? "?"} ${thing}${count === 1 ? "" : "s"}`;
}
