import { UdfError } from "../../core/error.ts";
import { atTheDoor, type FunctionDescription } from "../../core/manifest.ts";
import type { Module } from "../../core/module.ts";
import type { Artifact } from "../hosts/doors.ts";
import { closeDoors, type Doors, openDoors } from "../hosts/doors.ts";
import { randomNumbers, seedOf } from "../random.ts";
import { type ArrowColumn, toArrow } from "../values/arrow.ts";
import { ordinaryValue } from "../values/ordinary-values.ts";

/** Nanoseconds a row, the best of several batches. */
export type BenchResult = { input: string; nanoseconds: number; baseline: number };

export type Bench = {
  module: Module;
  artifact: Artifact;
  described: FunctionDescription;
  index: number;
  /** The artifact whose first function does nothing. */
  baseline: { module: Module; artifact: Artifact };
  /** In a batch; of an aggregate in a group. */
  rows: number;
  /** Of measuring, for each input and function. */
  seconds: number;
  nodePath?: string | undefined;
  signal?: AbortSignal | undefined;
};

/** One row in so many is null. */
const nullEvery = 10;
/** Function and baseline take turns, so that both meet the same noise of the machine. */
const turns = 3;
const limitSeconds = 120;

/** Times the function and one that does nothing over the same columns. Throws ROW_ERROR, WORKER_CRASHED. */
export async function runBench(bench: Bench): Promise<BenchResult[]> {
  const { module, artifact, described, index, baseline, rows, seconds, nodePath, signal } = bench;
  const own = await openDoors({ module, artifact, nodePath, limitSeconds, signal });
  const none = await openDoors({ ...baseline, nodePath, limitSeconds, signal });
  try {
    const results: BenchResult[] = [];
    for (const [input, nulls] of [
      ["no nulls", false],
      ["10 % nulls", true],
    ] as const) {
      const columns = columnsFor(described, { rows, nulls });
      const share = described.kind === "aggregate" ? rows : 1; // the one row of its columns is a group
      const best = { nanoseconds: Number.POSITIVE_INFINITY, baseline: Number.POSITIVE_INFINITY };
      for (let turn = 0; turn < turns; turn++) {
        const shared = { columns, share, seconds: seconds / turns };
        best.nanoseconds = Math.min(best.nanoseconds, await time(own, { ...shared, index, name: described.name }));
        best.baseline = Math.min(best.baseline, await time(none, { ...shared, index: 0, name: "the baseline" }));
      }
      results.push({ input, ...best });
    }
    return results;
  } finally {
    await Promise.all([closeDoors(own), closeDoors(none)]);
  }
}

/** The same values for the same signature; with nulls, some of them are missing. For an aggregate one group of them. */
function columnsFor(described: FunctionDescription, { rows, nulls }: { rows: number; nulls: boolean }): ArrowColumn[] {
  const door = atTheDoor(described);
  const random = randomNumbers(seedOf(described.name));
  return described.arguments.map(({ name, type }, at) => {
    const values = Array.from({ length: rows }, () => {
      const value = ordinaryValue(type, random);
      return nulls && Math.floor(random() * nullEvery) === 0 ? null : value;
    });
    const isGroup = described.kind === "aggregate";
    return toArrow({ name, type: door.arguments[at]?.type ?? type, values: isGroup ? [values] : values });
  });
}

type Timed = { columns: ArrowColumn[]; share: number; seconds: number; index: number; name: string };

async function time({ node }: Doors, { columns, share, seconds, index, name }: Timed): Promise<number> {
  const answer = await node.ask({ do: "time", index, columns, seconds });
  if ("nanoseconds" in answer) return answer.nanoseconds / share;
  if ("died" in answer) {
    throw new UdfError("WORKER_CRASHED", {
      what: `${name}() was computed, and the process ${answer.died.how}`,
      next: 'See "native-udf test" for the row and the line.',
    });
  }
  const what = "error" in answer ? answer.error.message : "it gave no time";
  throw new UdfError("ROW_ERROR", {
    what: `${name}() refuses a row that was made for it: ${what}`,
    next: "Only a function that takes ordinary values of its types can be timed.",
  });
}
