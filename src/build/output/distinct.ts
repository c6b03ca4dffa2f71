import type { Diagnostic } from "../../core/diagnostic.ts";

/** The diagnostics without those that say the same of the same place, as an error in a header does for every source. */
export function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const { severity, origin, message, code, location } = diagnostic;
    const key = JSON.stringify([severity, origin, message, code, location]);
    if (!seen.has(key)) seen.set(key, diagnostic);
  }
  return [...seen.values()];
}
