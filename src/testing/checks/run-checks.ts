import { formatLocation } from "../../core/diagnostic.ts";
import { atTheDoor, type FunctionDescription } from "../../core/manifest.ts";
import type { Module } from "../../core/module.ts";
import { causeOf } from "../cause.ts";
import { type ComputedRow, computeRows, differenceText } from "../hosts/compute-rows.ts";
import type { Artifact, Doors } from "../hosts/doors.ts";
import type { TestEvent } from "../test-events.ts";
import { formatValue } from "../values/notation.ts";
import type { Value } from "../values/value.ts";
import { checkTitle } from "./find-checks.ts";
import { generateGroups } from "./generate-groups.ts";
import { generateRows } from "./generate-rows.ts";

export type CheckRun = {
  module: Module;
  artifact: Artifact;
  doors: Doors;
  /** The file that registers the functions, from the module's folder. */
  file: string;
  /** The line in it that registers a function. */
  lineOf: (name: string) => number;
  matches: (name: string) => boolean;
  onEvent: (event: TestEvent) => void;
};

/**
 * Calls each function with rows made from its signature: none may crash it, and it must give the same bits whichever way
 * it is called. An error of the row is fine. Functions that are registered as not deterministic are skipped.
 */
export async function runChecks(run: CheckRun): Promise<void> {
  const { artifact, file, lineOf, matches, onEvent } = run;
  for (const [index, described] of artifact.manifest.functions.entries()) {
    const { name, deterministic = true } = described;
    if (!matches(`${name} ${checkTitle}`)) continue;
    const shared = { file, path: [name, checkTitle], suite: false };
    if (!deterministic) {
      onEvent({ ...shared, outcome: "skipped", seconds: 0 });
      continue;
    }
    const start = performance.now();
    const failure = await firstFailure(run, { described, index });
    const seconds = (performance.now() - start) / 1000;
    if (failure) onEvent({ ...shared, ...failure, outcome: "failed", seconds, line: lineOf(name) });
    else onEvent({ ...shared, outcome: "passed", seconds });
  }
}

const mostAtOnce = 32;

type Told = Pick<TestEvent, "message" | "expected" | "actual" | "cause">;

/** A few rows first: where every row takes too long, one is enough to know. */
async function firstFailure(
  { doors, module, artifact }: CheckRun,
  { described: registered, index }: { described: FunctionDescription; index: number },
): Promise<Told | undefined> {
  const described = atTheDoor(registered);
  const all = described.kind === "aggregate" ? generateGroups(registered) : generateRows(described);
  for (let from = 0, count = 1; from < all.length; from += count, count = Math.min(2 * count, mostAtOnce)) {
    const rows = all.slice(from, from + count);
    const computed = await computeRows({ doors, described, index, rows });
    const at = computed.findIndex(({ outcome, difference }) => outcome.kind === "died" || difference);
    const [failed, row] = [computed[at], rows[at]];
    if (!failed || !row) continue;
    const call = callText(described, row);
    if (failed.outcome.kind !== "died") return differenceOf(described, call, failed);
    const cause = await causeOf(failed.outcome, { module, artifact });
    const where = cause ? `: ${cause.message} (${formatLocation(cause.location)})` : "";
    const message = `${call}: the process ${failed.outcome.how}${where}`;
    return { message, ...(cause ? { cause: cause.location } : {}) };
  }
  return undefined;
}

function differenceOf(described: FunctionDescription, call: string, { difference }: ComputedRow): Told {
  if (!difference) return {};
  const [expected, actual] = difference.gave;
  return { message: `${call}: ${differenceText(difference, described)}`, expected, actual };
}

const longestValue = 60;

/** `route("JFK", null)`; what is long is cut off. */
function callText({ name, arguments: parameters }: FunctionDescription, row: readonly Value[]): string {
  const texts = parameters.map(({ type }, at) => {
    const text = formatValue(row[at] ?? null, type);
    return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
  });
  return `${name}(${texts.join(", ")})`;
}
