import type { FunctionDescription } from "../../core/manifest.ts";
import type { Type } from "../../core/types.ts";
import { formatValue } from "../values/notation.ts";
import type { Value } from "../values/value.ts";
import { callable, type DoorName } from "./callable.ts";
import { callColumns, callOnce, columnsOf, type RowOutcome, type Target } from "./door-calls.ts";
import { type Doors, hostsOf } from "./doors.ts";

/** Two ways of calling that gave something else for the same row. */
export type Difference = { ways: readonly [string, string]; gave: readonly [string, string] };
export type ComputedRow = { outcome: RowOutcome; difference: Difference | undefined };

export type Computation = {
  doors: Doors;
  /** As the doors take it. */
  described: FunctionDescription;
  /** The function's place in the artifact. */
  index: number;
  /** Values for the arguments; fewer where they have defaults. All rows have as many. */
  rows: readonly (readonly Value[])[];
};

/**
 * Computes each row by itself, through both doors, in a column and in a call of one row; then those that gave a value all
 * together. The outcome is that of the Node door's column; what was computed otherwise must have the same bits.
 */
export async function computeRows(computation: Computation): Promise<ComputedRow[]> {
  const { doors, rows, described } = computation;
  const ways = hostsOf(doors).flatMap(([door, host]) => waysOf({ ...computation, door, host }));
  const [first, ...others] = ways;
  if (!first) return [];
  const outcomes = await first.compute(rows.map((row) => ({ row, outcome: undefined })));
  const alive = rows.flatMap((row, at) => {
    const outcome = outcomes[at];
    return outcome && outcome.kind !== "died" ? [{ row, outcome, at }] : [];
  });
  const differences = new Map<number, Difference>();
  for (const way of others) {
    const computed = await way.compute(alive);
    for (const [position, { outcome, at }] of alive.entries()) {
      const found = computed[position];
      if (!found || differences.has(at)) continue;
      const gave = [show(outcome, described.result.type), show(found, described.result.type)] as const;
      if (gave[0] !== gave[1]) differences.set(at, { ways: [first.name, way.name], gave });
    }
  }
  return rows.map((_, at) => ({ outcome: outcomes[at] ?? notComputed(), difference: differences.get(at) }));
}

export function notComputed(): never {
  throw new Error("a process gave columns with fewer rows than it was given");
}

/** What is wrong, and what to do where that may be meant. */
export function differenceText({ ways }: Difference, { kind }: FunctionDescription): string {
  const text = `${ways[0]} and ${ways[1]} give different results`;
  if (kind !== "batch") return text;
  return `${text}: a row's result may not depend on the other rows, unless it is registered as .not_deterministic()`;
}

/** One line that is the same exactly where the outcomes are. */
export function show(outcome: RowOutcome, type: Type): string {
  switch (outcome.kind) {
    case "value":
      return formatValue(outcome.value, type);
    case "error":
      return `error: ${outcome.message}`;
    case "died":
      return `the process ${outcome.how}`;
  }
}

/** `outcome`: what the first way gave, where there has been one. */
type Row = { row: readonly Value[]; outcome: RowOutcome | undefined };
/** A way of calling. It gives undefined for a row that cannot be put so. */
type Way = { name: string; compute: (rows: readonly Row[]) => Promise<(RowOutcome | undefined)[]> };
type DoorComputation = Computation & Target & { door: DoorName };

function waysOf(computation: DoorComputation): Way[] {
  const { door, rows } = computation;
  const calls: Way = {
    name: `a call through the ${door} door`,
    compute: (given) => Promise.all(given.map((row) => oneCall(computation, row))),
  };
  const count = rows[0]?.length ?? 0;
  if (count === 0) return [calls]; // without arguments a column has no length
  const inColumns = (given: readonly (readonly Value[])[]) => callColumns(computation, columnsOf(given, count));
  const columns: Way = {
    name: `a column through the ${door} door`,
    compute: (given) => Promise.all(given.map(async ({ row }) => (await inColumns([row]))[0])),
  };
  const together: Way = {
    name: `a column of all rows through the ${door} door`,
    compute: async (given) => {
      const good = given.filter(({ outcome }) => outcome?.kind === "value");
      const computed = good.length > 0 ? await inColumns(good.map(({ row }) => row)) : [];
      return given.map((row) => (good.includes(row) ? (computed[good.indexOf(row)] ?? computed[0]) : undefined));
    },
  };
  return [columns, calls, together];
}

/** Undefined where one of the values is none of the language. */
async function oneCall(computation: DoorComputation, { row, outcome }: Row): Promise<RowOutcome | undefined> {
  const { described, door } = computation;
  const { type } = described.result;
  const given = described.arguments.slice(0, row.length);
  const fits = given.every((argument, at) => callable({ value: row[at] ?? null, type: argument.type, door }));
  const resultFits = outcome?.kind !== "value" || callable({ value: outcome.value, type, door });
  return fits && resultFits ? callOnce(computation, row) : undefined;
}
