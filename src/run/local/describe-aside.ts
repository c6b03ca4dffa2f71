import { type Diagnostic, formatLocation } from "../../core/diagnostic.ts";
import { thousands } from "../../core/thousands.ts";
import type { Trace } from "../traced-error.ts";
import { type BadRow, failedAt } from "./bad-row.ts";
import type { RowAside } from "./map-stage.ts";
import type { AsideRow } from "./messages.ts";
import { formatRow, rowInFile } from "./row-ranges.ts";

/** Lines that the rows fail at, beyond which nobody reads on; each takes a moment to find. */
const mostLines = 100;

/**
 * What is to be written of rows that are set aside, and a warning for each of the author's lines that they fail at:
 * `place` puts a diagnostic there.
 */
export async function describeAside(
  aside: readonly RowAside[],
  place: (diagnostic: Diagnostic, trace: Trace) => Promise<Diagnostic>,
): Promise<{ rows: AsideRow[]; diagnostics: Diagnostic[] }> {
  const groups = new Map<string, RowAside[]>();
  for (const each of aside) {
    const key = placeKey(each.bad);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const diagnostics = new Map<string, Diagnostic>();
  for (const [key, [first, ...others]] of [...groups].slice(0, mostLines)) {
    if (!first) continue;
    const bare = warningOf(first, others.length);
    diagnostics.set(key, await place(bare, first.bad.trace));
  }
  const rows = aside.map(({ range, bad }): AsideRow => {
    const { file, row } = rowInFile(range, bad.row);
    const location = diagnostics.get(placeKey(bad))?.location;
    const { function: name, message } = bad;
    const line = location ? formatLocation(location) : null;
    return { path: file.path, shown: file.shown, row, function: name, message, place: line };
  });
  return { rows, diagnostics: [...diagnostics.values()] };
}

/** Equal for rows that failed in the same way at the same place. */
function placeKey({ function: name, trace: { module, frames, signal } }: BadRow): string {
  return JSON.stringify([name, module, frames, signal]);
}

function warningOf({ range, bad }: RowAside, others: number): Diagnostic {
  const more = others === 0 ? "" : `, and ${thousands(others)} more`;
  const { what, code } = failedAt(bad);
  return {
    severity: "warning",
    origin: "bad row",
    code,
    message: `${formatRow(range, bad.row)}${more}: ${what}`,
    related: [],
  };
}
