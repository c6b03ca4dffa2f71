import type { FunctionDescription } from "../../core/manifest.ts";
import type { Type } from "../../core/types.ts";
import type { CrashPlace } from "../../run/local/crash-file.ts";
import { fromArrow, toArrow } from "../values/arrow.ts";
import { formatValue, readValue, writeValue } from "../values/notation.ts";
import type { Value } from "../values/value.ts";
import { callable, type DoorName } from "./callable.ts";
import type { Doors } from "./doors.ts";
import type { FunctionHost, Outcome } from "./function-host.ts";

/** What a function did with one row. */
export type RowOutcome =
  | { kind: "value"; value: Value }
  | { kind: "error"; message: string; frames: readonly number[] }
  | { kind: "died"; how: string; place: CrashPlace | undefined };

/** Two ways of calling that gave something else for the same row. */
export type Difference = { ways: readonly [string, string]; gave: readonly [string, string] };
export type ComputedRow = { outcome: RowOutcome; difference: Difference | undefined };

export type Computation = {
  doors: Doors;
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
  const hosts: [DoorName, FunctionHost][] = [["Node", doors.node]];
  if (doors.python) hosts.push(["Python", doors.python]);
  const ways = hosts.flatMap(([door, host]) => waysOf({ ...computation, door, host }));
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
  return rows.map((_, at) => ({ outcome: outcomes[at] ?? noAnswer(), difference: differences.get(at) }));
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
type DoorComputation = Computation & { door: DoorName; host: FunctionHost };

function waysOf(computation: DoorComputation): Way[] {
  const { door, rows, described } = computation;
  const calls: Way = {
    name: `a call through the ${door} door`,
    compute: (given) => Promise.all(given.map((row) => oneCall(computation, row))),
  };
  // without arguments a column has no length
  if ((rows[0]?.length ?? 0) === 0) return [calls];
  const columns: Way = {
    name: `a column through the ${door} door`,
    compute: (given) => Promise.all(given.map(async ({ row }) => (await inColumns(computation, [row]))[0])),
  };
  const together: Way = {
    name: `a column of all rows through the ${door} door`,
    compute: async (given) => {
      const good = given.filter(({ outcome }) => outcome?.kind === "value");
      const computed =
        good.length > 0
          ? await inColumns(
              computation,
              good.map(({ row }) => row),
            )
          : [];
      return given.map((row) => (good.includes(row) ? (computed[good.indexOf(row)] ?? computed[0]) : undefined));
    },
  };
  return described.kind === "row" ? [columns, calls, together] : [columns];
}

/** An outcome a row; only one where all failed together. */
async function inColumns(computation: DoorComputation, rows: readonly (readonly Value[])[]): Promise<RowOutcome[]> {
  const { host, index, described } = computation;
  const given = described.arguments.slice(0, rows[0]?.length);
  const columns = given.map(({ name, type }, at) =>
    toArrow({ name, type, values: rows.map((row) => row[at] ?? null) }),
  );
  const outcome = await host.ask({ do: "columns", index, columns });
  if (!("column" in outcome)) return [failure(outcome)];
  return fromArrow(outcome.column, described.result.type).map((value) => ({ kind: "value", value }));
}

async function oneCall(computation: DoorComputation, { row, outcome }: Row): Promise<RowOutcome | undefined> {
  const { host, index, described, door } = computation;
  const { type } = described.result;
  const given = described.arguments.slice(0, row.length);
  const fits = given.every((argument, at) => callable({ value: row[at] ?? null, type: argument.type, door }));
  const resultFits = outcome?.kind !== "value" || callable({ value: outcome.value, type, door });
  if (!fits || !resultFits) return undefined;
  const values = given.map((argument, at) => writeValue(row[at] ?? null, argument.type));
  const told = await host.ask({ do: "call", index, values });
  return "value" in told ? { kind: "value", value: readValue(told.value, type, true) } : failure(told);
}

function failure(outcome: Outcome): RowOutcome {
  if ("error" in outcome) {
    const { message, frames } = outcome.error;
    return { kind: "error", message, frames };
  }
  return "died" in outcome ? { kind: "died", ...outcome.died } : noAnswer();
}

function noAnswer(): never {
  throw new Error("a process gave an answer to another question");
}
