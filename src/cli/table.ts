import Table from "cli-table3";
import { plain } from "../core/plain.ts";
import type { Output } from "./output.ts";

/** A table for people. Numbers stand right, null is shown as a dim dash. */
export function renderTable(
  output: Output,
  head: readonly string[],
  rows: readonly (readonly (string | null)[])[],
): string {
  const numeric = head.map((_, column) => rows.every((row) => row[column] === null || isNumber(row[column])));
  const table = new Table({
    head: head.map((title) => output.colors.bold(title)),
    colAligns: numeric.map((right) => (right ? "right" : "left")),
    style: { head: [], border: [], compact: true },
    chars: lines,
  });
  for (const row of rows) table.push(row.map((cell) => (cell === null ? output.colors.dim("–") : plain(cell))));
  return table.toString();
}

/** Two columns, a name and its value, without lines. */
export function renderFacts(output: Output, facts: readonly (readonly [string, string])[]): string {
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `  ${output.colors.dim(name.padEnd(width))}  ${value}`).join("\n");
}

const lines = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "  ", "left-mid": "  ", mid: "─", "mid-mid": "  ", right: "", "right-mid": "", middle: "  " },
};

function isNumber(text: string | null | undefined): boolean {
  return text !== undefined && text !== null && /^-?[\d,]+(?:\.\d+)?(?:e[+-]?\d+)?%?$/i.test(text);
}
