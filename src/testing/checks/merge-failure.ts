import { atTheDoor, type FunctionDescription } from "../../core/manifest.ts";
import type { Module } from "../../core/module.ts";
import { causeOf } from "../cause.ts";
import { show } from "../hosts/compute-rows.ts";
import { callColumns, columnsOf, type RowOutcome } from "../hosts/door-calls.ts";
import type { Artifact, Doors } from "../hosts/doors.ts";
import { randomNumbers, seedOf } from "../random.ts";
import { alike } from "../values/alike.ts";
import { ordinaryValue } from "../values/ordinary-values.ts";
import type { Value } from "../values/value.ts";
import { callText, deathOf, type Told } from "./told.ts";

export type MergeCheck = {
  module: Module;
  artifact: Artifact;
  doors: Doors;
  /** The aggregate, with its arguments as one row has them. */
  described: FunctionDescription;
  index: number;
};

/** Of a part, each in turn. */
const partSizes = [1, 7];

/**
 * Whether an aggregate makes the same of parts of a group, which are merged, as of all rows at once; undefined where it
 * does. Floating-point numbers may be rounded in another way. Velox's tests and DuckDB's "PRAGMA verify_parallelism" find
 * a wrong merge in the same way: by cutting the same rows otherwise.
 */
export async function mergeFailure({
  module,
  artifact,
  doors,
  described,
  index,
}: MergeCheck): Promise<Told | undefined> {
  const target = { host: doors.node, described: atTheDoor(described), index };
  const { type } = described.result;
  for (const group of ordinaryGroups(described)) {
    const columns = columnsOf([group], group.length);
    const [whole] = await callColumns(target, columns);
    if (whole?.kind !== "value") continue; // a group that it refuses says nothing of parts
    for (const partRows of partSizes) {
      const [merged] = await callColumns({ ...target, partRows }, columns);
      if (!merged || isSame(whole, merged, type)) continue;
      const call = `${callText(target.described, group)} in merged parts of ${partRows === 1 ? "one row" : `${partRows} rows`}`;
      if (merged.kind === "died") return deathOf(call, merged, { module, artifact });
      const cause = await causeOf(merged, { module, artifact });
      return {
        message: `${call} gives something else than in one go: correct merge(), or register the aggregate as .not_deterministic() where this is meant`,
        expected: show(whole, type),
        actual: show(merged, type),
        ...(cause ? { cause: cause.location } : {}),
      };
    }
  }
  return undefined;
}

/** Relative; a float has seven digits, and some are lost. */
const nearness = 1e-4;

function isSame(whole: RowOutcome, merged: RowOutcome, type: FunctionDescription["result"]["type"]): boolean {
  if (whole.kind !== "value" || merged.kind !== "value") return false;
  return alike({ left: whole.value, right: merged.value, type, near });
}

/** Sums of the same numbers in another order. */
function near(left: number, right: number): boolean {
  return Math.abs(left - right) <= nearness * Math.max(Math.abs(left), Math.abs(right));
}

const mostRows = 100;
const nullEvery = 10;

/** Groups of ordinary values and some nulls, short ones first: where sums of very large numbers differ, nothing is wrong. */
function ordinaryGroups({ name, arguments: parameters }: FunctionDescription): Value[][][] {
  const random = randomNumbers(seedOf(name));
  const values = () => parameters.map(({ type }) => ordinaryValue(type, random));
  const [one, two, nulls] = [values(), values(), parameters.map(() => null)];
  const rows = Array.from({ length: mostRows }, () =>
    values().map((value) => (Math.floor(random() * nullEvery) === 0 ? null : value)),
  );
  const groups = [[one, two], [one, nulls], [nulls, one], ...[3, 10, mostRows].map((count) => rows.slice(0, count))];
  return groups.map((group) => columnsOf(group, parameters.length));
}
