import type { FunctionDescription } from "../../core/manifest.ts";
import { columnsOf } from "../hosts/door-calls.ts";
import type { Value } from "../values/value.ts";
import { generateRows } from "./generate-rows.ts";

/**
 * Groups for an aggregate, a column for each argument: none, no rows, rows of nulls, each generated row alone, all of
 * them, and these the other way around. The same groups for the same signature.
 */
export function generateGroups(described: FunctionDescription): Value[][] {
  const rows = generateRows(described);
  const count = described.arguments.length;
  const nulls = described.arguments.map(() => null);
  const groups = [[], [nulls, nulls], ...rows.map((row) => [row]), rows, rows.toReversed()];
  return [nulls, ...groups.map((group) => columnsOf(group, count))];
}
