import type { FunctionDescription } from "../../core/manifest.ts";
import type { Value } from "../values/value.ts";
import { type ComputedRow, notComputed, show } from "./compute-rows.ts";
import { callColumns, columnsOf, type RowOutcome, type Target } from "./door-calls.ts";
import { type Doors, hostsOf } from "./doors.ts";

export type BatchComputation = {
  doors: Doors;
  described: FunctionDescription;
  /** The function's place in the artifact. */
  index: number;
  /** Columns of one length for the arguments; fewer where these have defaults. */
  batches: readonly (readonly (readonly Value[])[])[];
};

/**
 * Computes each batch as a whole, through both doors, and then row after row: its rows may not depend on each other, so
 * that must give the same bits. What a batch gives is a list with a value for each row.
 */
export async function computeBatches({ batches, ...shared }: BatchComputation): Promise<ComputedRow[]> {
  const computed: ComputedRow[] = [];
  for (const columns of batches) computed.push(await computeBatch({ ...shared, columns }));
  return computed;
}

type Batch = Omit<BatchComputation, "batches"> & { columns: readonly (readonly Value[])[] };

async function computeBatch({ doors, described, index, columns }: Batch): Promise<ComputedRow> {
  const rows = columns[0]?.length ?? 0;
  const type = { list: { type: described.result.type, nullable: true } };
  const targets = hostsOf(doors).map(([door, host]) => ({ door, host, described, index }));
  const ways = targets.map((target) => ({
    name: `the batch through the ${target.door} door`,
    compute: () => wholeBatch(target, columns),
  }));
  const [usual, ...others] = ways;
  const [target] = targets;
  if (!usual || !target) return notComputed();
  const outcome = await usual.compute();
  if (outcome.kind === "died") return { outcome, difference: undefined };
  if (outcome.kind === "value" && described.deterministic !== false && rows > 1) {
    others.push({ name: "each of its rows alone", compute: () => rowAfterRow(target, columns) });
  }
  for (const { name, compute } of others) {
    const gave = [show(outcome, type), show(await compute(), type)] as const;
    if (gave[0] !== gave[1]) return { outcome, difference: { ways: [usual.name, name], gave } };
  }
  return { outcome, difference: undefined };
}

async function wholeBatch(target: Target, columns: readonly (readonly Value[])[]): Promise<RowOutcome> {
  return asOne(await callColumns(target, columns));
}

async function rowAfterRow(target: Target, columns: readonly (readonly Value[])[]): Promise<RowOutcome> {
  const rows = columnsOf(columns, columns[0]?.length ?? 0);
  const computed = await Promise.all(rows.map((row) => callColumns(target, columnsOf([row], row.length))));
  return asOne(computed.flat());
}

/** The values as a list; or what went wrong first. */
function asOne(outcomes: readonly RowOutcome[]): RowOutcome {
  const wrong = outcomes.find(({ kind }) => kind !== "value");
  const values = outcomes.flatMap((outcome) => (outcome.kind === "value" ? [outcome.value] : []));
  return wrong ?? { kind: "value", value: values };
}
