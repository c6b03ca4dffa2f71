import type { FunctionDescription } from "../../core/manifest.ts";
import type { CrashPlace } from "../../run/local/crash-file.ts";
import { fromArrow, toArrow } from "../values/arrow.ts";
import { readValue, writeValue } from "../values/notation.ts";
import type { Value } from "../values/value.ts";
import type { FunctionHost, Outcome } from "./function-host.ts";

/** What a function did with one row. */
export type RowOutcome =
  | { kind: "value"; value: Value }
  | { kind: "error"; message: string; frames: readonly number[] }
  | { kind: "died"; how: string; place: CrashPlace | undefined };

/**
 * A function behind one door. `described`: as the door takes it; `index`: its place in the artifact; `partRows`: groups of
 * an aggregate are computed in parts of so many rows (only the Node door).
 */
export type Target = { host: FunctionHost; described: FunctionDescription; index: number; partRows?: number };

/** Computes columns, fewer than the function has arguments where these have defaults. An outcome a row, or one for all. */
export async function callColumns(target: Target, columns: readonly (readonly Value[])[]): Promise<RowOutcome[]> {
  const { host, index, described, partRows } = target;
  const given = described.arguments.slice(0, columns.length);
  const arrow = given.map(({ name, type }, at) => toArrow({ name, type, values: columns[at] ?? [] }));
  const outcome = await host.ask({ do: "columns", index, columns: arrow, partRows });
  if (!("column" in outcome)) return [failure(outcome)];
  return fromArrow(outcome.column, described.result.type).map((value) => ({ kind: "value", value }));
}

/** Computes one row by the door's call for that. */
export async function callOnce({ host, index, described }: Target, row: readonly Value[]): Promise<RowOutcome> {
  const given = described.arguments.slice(0, row.length);
  const values = given.map(({ type }, at) => writeValue(row[at] ?? null, type));
  const told = await host.ask({ do: "call", index, values });
  return "value" in told ? { kind: "value", value: readValue(told.value, described.result.type, true) } : failure(told);
}

/** Values of rows as columns; `count` of these. */
export function columnsOf(rows: readonly (readonly Value[])[], count: number): Value[][] {
  return Array.from({ length: count }, (_, at) => rows.map((row) => row[at] ?? null));
}

function failure(outcome: Outcome): RowOutcome {
  if ("error" in outcome) {
    const { message, frames } = outcome.error;
    return { kind: "error", message, frames };
  }
  if ("died" in outcome) return { kind: "died", ...outcome.died };
  throw new Error("a process gave an answer to another question");
}
