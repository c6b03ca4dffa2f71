import { readFileSync } from "node:fs";
import { SourcePlaces } from "../../../../src/build/output/source-places.ts";
import type { Diagnostic } from "../../../../src/core/diagnostic.ts";
import { formatDiagnostic } from "../../../../src/core/diagnostic.ts";

/** test/fixtures/build/record.sh writes the module's folder as this. */
export const places = new SourcePlaces("/module");

/** What a real tool printed, such as `plain.g++-12.2.0`. */
export function recorded(name: string): string {
  return readFileSync(new URL(`../../../fixtures/build/logs/${name}.log`, import.meta.url), "utf8");
}

/** The diagnostics as an editor shows them, one a line. */
export function shown(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(formatDiagnostic);
}

/** The related places of a diagnostic, as `file:line message`. */
export function relatedOf(diagnostic: Diagnostic | undefined): string[] {
  return (diagnostic?.related ?? []).map(({ message, location }) => `${location.file}:${location.line} ${message}`);
}
