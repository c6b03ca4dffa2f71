import { atTheDoor, type FunctionDescription } from "../../core/manifest.ts";
import type { Module } from "../../core/module.ts";
import { computeRows, differenceText } from "../hosts/compute-rows.ts";
import type { Artifact, Doors } from "../hosts/doors.ts";
import type { TestEvent } from "../test-events.ts";
import type { Value } from "../values/value.ts";
import { checkTitle } from "./find-checks.ts";
import { generateGroups } from "./generate-groups.ts";
import { generateRows } from "./generate-rows.ts";
import { mergeFailure } from "./merge-failure.ts";
import { callText, deathOf, type Told } from "./told.ts";

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
    const failure = await failureOf(run, { described, index });
    const seconds = (performance.now() - start) / 1000;
    if (failure) onEvent({ ...shared, ...failure, outcome: "failed", seconds, line: lineOf(name) });
    else onEvent({ ...shared, outcome: "passed", seconds });
  }
}

type Checked = {
  /** As the doors take it. */
  described: FunctionDescription;
  index: number;
  rows: readonly (readonly Value[])[];
};

async function failureOf(run: CheckRun, { described, index }: Omit<Checked, "rows">): Promise<Told | undefined> {
  if (described.kind !== "aggregate") return firstFailure(run, { described, index, rows: generateRows(described) });
  const groups = { described: atTheDoor(described), index, rows: generateGroups(described) };
  return (await firstFailure(run, groups)) ?? mergeFailure({ ...run, described, index });
}

const mostAtOnce = 32;

/** A few rows first: where every row takes too long, one is enough to know. */
async function firstFailure({ doors, module, artifact }: CheckRun, { described, index, rows: all }: Checked) {
  for (let from = 0, count = 1; from < all.length; from += count, count = Math.min(2 * count, mostAtOnce)) {
    const rows = all.slice(from, from + count);
    const computed = await computeRows({ doors, described, index, rows });
    const at = computed.findIndex(({ outcome, difference }) => outcome.kind === "died" || difference);
    const [failed, row] = [computed[at], rows[at]];
    if (!failed || !row) continue;
    const call = callText(described, row);
    const { outcome, difference } = failed;
    if (outcome.kind === "died") return deathOf(call, outcome, { module, artifact });
    if (!difference) continue;
    const [expected, actual] = difference.gave;
    return { message: `${call}: ${differenceText(difference, described)}`, expected, actual };
  }
  return undefined;
}
