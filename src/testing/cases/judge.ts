import type { FunctionDescription } from "../../core/manifest.ts";
import { suggestion } from "../../core/nearest.ts";
import type { Type } from "../../core/types.ts";
import { type ComputedRow, differenceText, show } from "../hosts/compute-rows.ts";
import { alike } from "../values/alike.ts";
import { formatValue, type Json, NotationError, readValue } from "../values/notation.ts";
import type { Value } from "../values/value.ts";
import { type Case, isInOrder } from "./case.ts";
import { caseSignature } from "./case-signature.ts";
import { jsonOfCell } from "./csv-cells.ts";

/** A case whose values are of its function's types; or why it has none. */
export type Prepared =
  | {
      kind: "ready";
      /** The function as it is registered, and as its cases have it. */
      described: FunctionDescription;
      signature: FunctionDescription;
      index: number;
      row: Value[];
      expected: Value | undefined;
    }
  | { kind: "refused"; message: string };

/** Reads the values of a case by the signature of its function. */
export function prepare(given: Case, functions: readonly FunctionDescription[]): Prepared {
  const index = functions.findIndex(({ name }) => name === given.function);
  const described = functions[index];
  const refused = (message: string): Prepared => ({ kind: "refused", message });
  if (!described) {
    const known = functions.map(({ name }) => name);
    return refused(`the module has no function "${given.function}". ${suggestion(given.function, known)}`);
  }
  if (given.expected !== undefined && given.error !== undefined) {
    return refused('a case has "expected" or "error", not both');
  }
  try {
    const signature = caseSignature(described);
    const row = rowOf(given, signature);
    if (described.kind === "batch") refuseUnevenBatch(row, signature);
    const { type } = signature.result;
    const expected =
      given.expected === undefined
        ? undefined
        : named("expected", () => read(given, { json: given.expected ?? null, type, nullable: true }));
    return { kind: "ready", described, signature, index, row, expected };
  } catch (error) {
    if (error instanceof NotationError) return refused(`${error.message}${hintOf(described)}`);
    throw error;
  }
}

/** What is easily forgotten. */
function hintOf({ kind }: FunctionDescription): string {
  if (kind === "batch") return ". A case of a batch function has a list of values for each argument, and gives a list";
  return kind === "aggregate" ? ". A case of an aggregate has a list of the group's values for each argument" : "";
}

function rowOf(given: Case, { name: called, kind, arguments: parameters }: FunctionDescription): Value[] {
  const values = given.arguments;
  const required = parameters.filter((parameter) => parameter.default === undefined).length;
  if (!isInOrder(values)) {
    const unknown = Object.keys(values).find((name) => !parameters.some((parameter) => parameter.name === name));
    if (unknown !== undefined) {
      const names = parameters.map(({ name }) => name);
      throw new NotationError(`${called}() has no argument "${unknown}". ${suggestion(unknown, names)}`);
    }
  }
  const list = isInOrder(values) ? values : parameters.map(({ name }) => values[name]);
  const count = list.findLastIndex((value) => value !== undefined) + 1;
  const missing = parameters.slice(0, Math.max(required, count)).find((_, at) => list[at] === undefined);
  if (missing) throw new NotationError(`${called}() needs the argument "${missing.name}"`);
  if (count > parameters.length) {
    const most = `${parameters.length} argument${parameters.length === 1 ? "" : "s"}`;
    throw new NotationError(`${called}() takes ${most}, and the case gives ${count}`);
  }
  return parameters
    .slice(0, count)
    .map(({ name, type }, at) =>
      named(name, () => read(given, { json: list[at] ?? null, type, nullable: kind !== "batch" })),
    );
}

type Written = { json: Json; type: Type; nullable: boolean };

/** A value as the case's file writes values. */
function read({ notation }: Case, { json, type, nullable }: Written): Value {
  const isCell = notation === "csv" && typeof json === "string";
  return readValue(isCell ? jsonOfCell(json, type) : json, type, nullable);
}

/** A batch has at least one column, and as many rows in each. */
function refuseUnevenBatch(columns: readonly Value[], { name, arguments: parameters }: FunctionDescription): void {
  const lengths = columns.map((column) => (Array.isArray(column) ? column.length : 0));
  const [rows] = lengths;
  if (rows === undefined)
    throw new NotationError(`${name}() needs the argument "${parameters[0]?.name}": a list of values`);
  const other = lengths.findIndex((length) => length !== rows);
  if (other < 0) return;
  const shown = `"${parameters[0]?.name}" and "${parameters[other]?.name}"`;
  throw new NotationError(`the columns ${shown} have ${rows} and ${lengths[other]} values, and must have as many`);
}

function named<Result>(name: string, body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    throw error instanceof NotationError ? new NotationError(`${name} ${error.message}`) : error;
  }
}

/** Why a case fails, with both sides where something else was expected; undefined where it passes. */
export type Failure = { message: string; expected?: string; actual?: string; canUpdate: boolean };

export function judge(
  given: Case,
  ready: Extract<Prepared, { kind: "ready" }>,
  computed: ComputedRow,
): Failure | undefined {
  const { outcome, difference } = computed;
  const { tolerance } = given;
  const { type } = ready.signature.result;
  if (outcome.kind === "died") return { message: `the process ${outcome.how}`, canUpdate: false };
  if (difference) {
    const { gave } = difference;
    const message = differenceText(difference, ready.described);
    return { message, expected: gave[0], actual: gave[1], canUpdate: false };
  }
  const actual = show(outcome, type);
  if (outcome.kind === "error") {
    if (given.error !== undefined && outcome.message.includes(given.error)) return undefined;
    const expected = given.error === undefined ? valueText(ready.expected, type) : `error: ${given.error}`;
    return unlike(expected, actual, { canUpdate: true });
  }
  if (given.error !== undefined) return unlike(`error: ${given.error}`, actual, { canUpdate: true });
  if (ready.expected === undefined) return unlike(undefined, actual, { canUpdate: true });
  const same =
    formatValue(ready.expected, type) === actual ||
    (tolerance !== undefined &&
      alike({ left: ready.expected, right: outcome.value, type, near: (a, b) => Math.abs(a - b) <= tolerance }));
  return same ? undefined : unlike(formatValue(ready.expected, type), actual, { canUpdate: true });
}

function valueText(value: Value | undefined, type: Type): string | undefined {
  return value === undefined ? undefined : formatValue(value, type);
}

function unlike(expected: string | undefined, actual: string, { canUpdate }: { canUpdate: boolean }): Failure {
  if (expected === undefined) {
    const message = 'the case does not say what is expected: "native-udf test --update" writes what it gives';
    return { message, expected: "", actual, canUpdate };
  }
  return { message: "it gives something else than is expected", expected, actual, canUpdate };
}
