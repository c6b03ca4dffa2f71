import type { Diagnostic, Location } from "../core/diagnostic.ts";
import type { Module } from "../core/module.ts";
import { placeDiagnostic } from "../run/diagnose/place-diagnostic.ts";
import type { RowOutcome } from "./hosts/door-calls.ts";
import type { Artifact } from "./hosts/doors.ts";

/** What a row's failure says, at the author's line; undefined where it gave a value or the line is not known. */
export async function causeOf(
  outcome: RowOutcome,
  { module, artifact }: { module: Module; artifact: Artifact },
): Promise<{ message: string; location: Location } | undefined> {
  if (outcome.kind === "value") return undefined;
  const trace = outcome.kind === "error" ? { module: module.name, frames: [...outcome.frames] } : outcome.place?.trace;
  if (!trace) return undefined;
  const message = outcome.kind === "died" ? (outcome.place?.cause ?? "it was here") : "thrown here";
  const origin = outcome.kind === "died" ? "crash" : "bad row";
  const unplaced: Diagnostic = { severity: "error", origin, message, related: [] };
  const { location } = await placeDiagnostic(unplaced, { trace, module, artifacts: [artifact] });
  return location && { message, location };
}
