import { formatLocation } from "../../core/diagnostic.ts";
import type { FunctionDescription } from "../../core/manifest.ts";
import type { Module } from "../../core/module.ts";
import { causeOf } from "../cause.ts";
import type { RowOutcome } from "../hosts/door-calls.ts";
import type { Artifact } from "../hosts/doors.ts";
import type { TestEvent } from "../test-events.ts";
import { formatValue } from "../values/notation.ts";
import type { Value } from "../values/value.ts";

/** What is told of a check that fails. */
export type Told = Pick<TestEvent, "message" | "expected" | "actual" | "cause">;

/** A call that ended its process, with the author's line. */
export async function deathOf(
  call: string,
  outcome: Extract<RowOutcome, { kind: "died" }>,
  places: { module: Module; artifact: Artifact },
): Promise<Told> {
  const cause = await causeOf(outcome, places);
  const where = cause ? `: ${cause.message} (${formatLocation(cause.location)})` : "";
  return { message: `${call}: the process ${outcome.how}${where}`, ...(cause ? { cause: cause.location } : {}) };
}

const longestValue = 60;

/** `route("JFK", null)`; what is long is cut off. */
export function callText({ name, arguments: parameters }: FunctionDescription, row: readonly Value[]): string {
  const texts = parameters.map(({ type }, at) => {
    const text = formatValue(row[at] ?? null, type);
    return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
  });
  return `${name}(${texts.join(", ")})`;
}
