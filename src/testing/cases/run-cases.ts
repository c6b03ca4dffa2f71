import { formatLocation } from "../../core/diagnostic.ts";
import type { Module } from "../../core/module.ts";
import { causeOf } from "../cause.ts";
import { computeBatches } from "../hosts/compute-batches.ts";
import { type ComputedRow, computeRows } from "../hosts/compute-rows.ts";
import type { RowOutcome } from "../hosts/door-calls.ts";
import type { Artifact, Doors } from "../hosts/doors.ts";
import type { TestEvent } from "../test-events.ts";
import { writeValue } from "../values/notation.ts";
import type { Case, CaseFile, CaseUpdate } from "./case.ts";
import { judge, type Prepared, prepare } from "./judge.ts";

export type CaseRun = {
  module: Module;
  artifact: Artifact;
  doors: Doors;
  files: readonly CaseFile[];
  /** Only cases with such a name: the function's and the title with a blank between. */
  matches: (name: string) => boolean;
  onEvent: (event: TestEvent) => void;
};

/** Runs the cases of each function together; tells each. Gives what `--update` would write. */
export async function runCases({ module, artifact, doors, files, matches, onEvent }: CaseRun): Promise<CaseUpdate[]> {
  const updates: CaseUpdate[] = [];
  const { functions } = artifact.manifest;
  for (const { file, cases } of files) {
    const chosen = cases.filter((each) => matches(`${each.function} ${each.title}`));
    const prepared = chosen.map((each) => ({ each, ready: prepare(each, functions) }));
    for (const group of groups(prepared)) {
      const start = performance.now();
      const computed = await computeGroup(group, doors);
      const seconds = (performance.now() - start) / 1000 / group.length;
      for (const [at, { each, ready }] of group.entries()) {
        const row = computed[at];
        const shared = { file, path: [each.function, each.title], line: each.line, seconds, suite: false };
        if (ready.kind === "refused" || !row) {
          const message = ready.kind === "refused" ? ready.message : "it was not computed";
          onEvent({ ...shared, outcome: "failed", message });
          continue;
        }
        const failure = judge(each, ready, row);
        if (!failure) {
          const { line: _, ...passed } = shared;
          onEvent({ ...passed, outcome: "passed" });
          continue;
        }
        const cause = await causeOf(row.outcome, { module, artifact });
        const { message, expected, actual } = failure;
        const told = cause ? `${message}: ${cause.message} (${formatLocation(cause.location)})` : message;
        onEvent({
          ...{ ...shared, outcome: "failed", message: told },
          ...(expected === undefined || actual === undefined ? {} : { expected, actual }),
          ...(cause ? { cause: cause.location } : {}),
        });
        if (failure.canUpdate) updates.push({ file, each, message, ...fields(row.outcome, ready) });
      }
    }
  }
  return updates;
}

type Entry = { each: Case; ready: Prepared };

/** Those of one function with as many arguments; what cannot be computed stands alone. */
function groups(entries: readonly Entry[]): Entry[][] {
  const found = new Map<string, Entry[]>();
  for (const entry of entries) {
    const { ready } = entry;
    const key = ready.kind === "ready" ? `${ready.index}/${ready.row.length}` : "";
    found.set(key, [...(found.get(key) ?? []), entry]);
  }
  return [...found.values()];
}

async function computeGroup(group: readonly Entry[], doors: Doors): Promise<ComputedRow[]> {
  const ready = group.flatMap((entry) => (entry.ready.kind === "ready" ? [entry.ready] : []));
  const [first] = ready;
  if (!first) return [];
  const { described, signature, index } = first;
  if (described.kind !== "batch") {
    return computeRows({ doors, described: signature, index, rows: ready.map(({ row }) => row) });
  }
  const batches = ready.map(({ row }) => row.map((column) => (Array.isArray(column) ? column : [])));
  return computeBatches({ doors, described, index, batches });
}

type CaseFields = Pick<CaseUpdate, "expected" | "error">;

function fields(outcome: RowOutcome, { signature }: Extract<Prepared, { kind: "ready" }>): CaseFields {
  if (outcome.kind === "value") return { expected: writeValue(outcome.value, signature.result.type), error: undefined };
  return { expected: undefined, error: outcome.kind === "error" ? outcome.message : undefined };
}
