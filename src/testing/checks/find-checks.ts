import { findRegistrations } from "../../author/registrations.ts";
import type { FoundTest } from "../find-tests.ts";

/** What the check of each function is called. */
export const checkTitle = "generated rows";

/** The checks of the functions that a C++ source registers, at the lines that do. */
export function findChecks(source: string): FoundTest[] {
  return findRegistrations(source).flatMap(({ name, span }) => {
    const line = source.slice(0, span.start).split("\n").length;
    const lines = { line, lastLine: line };
    return [
      { path: [name], suite: true, ...lines },
      { path: [name, checkTitle], suite: false, ...lines },
    ];
  });
}
