import { columnOf, flatTypes, property } from "./column-types.ts";
import type { Door, DoorColumn, DoorInput, FunctionShape, TypeShape } from "./loader.ts";

type ColumnsCall = { door: Door; index: number; shape: FunctionShape | undefined; columns: readonly unknown[] };

/** Computes function `index` over whole columns: the arguments as the caller gave them. */
export function callColumns<Result>(call: ColumnsCall): Result;
export function callColumns({ door, index, shape, columns }: ColumnsCall): unknown {
  if (!shape) throw new RangeError(`there is no function ${index}`);
  const left = shape.arguments.findIndex(({ optional }, position) => optional && columns[position] === undefined);
  const given = left < 0 ? shape.arguments : shape.arguments.slice(0, left);
  const inputs = given.map(({ name, type }, position) => {
    return inputOf(columns[position], type, `${shape.name}(): argument ${position + 1} ("${name}")`);
  });
  if (columns.slice(given.length).some((column) => column !== undefined)) {
    throw new TypeError(`${shape.name}(): argument ${given.length + 1} cannot be left out when a later one is given`);
  }
  const rows = inputs[0]?.rows ?? 0;
  for (const [position, input] of inputs.entries()) {
    if (input.rows === rows) continue;
    const nameAt = (at: number) => `argument ${at + 1} ("${given[at]?.name}")`;
    const first = nameAt(0);
    throw new RangeError(`${shape.name}(): ${nameAt(position)} has ${input.rows} rows, and ${first} has ${rows}`);
  }
  const output = outputFor(shape.result, rows);
  door.columns(index, rows, inputs, output);
  return columnOf(shape.result, output, rows);
}

/** What the artifact writes to. It writes masks in words of 64 rows. */
export function outputFor(type: TypeShape, rows: number): DoorColumn {
  const validity = new Uint8Array(8 * Math.ceil(rows / 64));
  if (type === "string" || type === "bytes") return { validity };
  if (typeof type === "string") return { values: flatTypes[type].allocate(rows), validity };
  if ("decimal" in type) return { values: new BigInt64Array(2 * rows), validity };
  if ("list" in type) return { validity };
  return { children: type.fields.map((field) => outputFor(field.type, rows)), validity };
}

type Input = DoorInput & { rows: number };

function inputOf(column: unknown, type: TypeShape, place: string): Input {
  if (Array.isArray(column)) return { values: column, validity: null, rows: column.length };
  if (type === "string") return bytesInput(column, { place, expected: "an array of strings and nulls" });
  if (type === "bytes") return bytesInput(column, { place, expected: "an array of Uint8Arrays and nulls" });
  if (typeof type === "string") return flatInput(column, flatTypes[type], place);
  if ("decimal" in type) return decimalInput(column, place);
  if ("list" in type) return listInput(column, type.list.type, place);
  const fields = type.fields.map((field) => {
    return inputOf(property(column, field.column), field.type, `${place}.${field.column}`);
  });
  const rows = fields[0]?.rows ?? 0;
  if (fields.some((field) => field.rows !== rows)) throw wrong(place, "columns of one length");
  return { values: { children: fields }, validity: maskOf(column, rows, place), rows };
}

function flatInput(column: unknown, { accepts, expected }: (typeof flatTypes)["bool"], place: string): Input {
  if (accepts(column)) return { values: column, validity: null, rows: column.length };
  const values = property(column, "values");
  if (!accepts(values))
    throw wrong(place, `${expected}, or { values, validity } of one, or an array of values and nulls`);
  return { values, validity: maskOf(column, values.length, place), rows: values.length };
}

function decimalInput(column: unknown, place: string): Input {
  const values = property(column, "values");
  if (!flatTypes.int64.accepts(values) || values.length % 2 !== 0) {
    throw wrong(
      place,
      "an array of texts and nulls, or { values, validity } with two elements of a BigInt64Array a row",
    );
  }
  const rows = values.length / 2;
  return { values, validity: maskOf(column, rows, place), rows };
}

function bytesInput(column: unknown, { place, expected }: { place: string; expected: string }): Input {
  const [offsets, data] = [property(column, "offsets"), property(column, "data")];
  if (!flatTypes.int32.accepts(offsets) || !flatTypes.uint8.accepts(data) || offsets.length === 0) {
    throw wrong(place, `${expected}, or { offsets: Int32Array, data: Uint8Array }`);
  }
  const rows = offsets.length - 1;
  return { values: { offsets, data }, validity: maskOf(column, rows, place), rows };
}

function listInput(column: unknown, element: TypeShape, place: string): Input {
  const offsets = property(column, "offsets");
  if (!flatTypes.int32.accepts(offsets) || offsets.length === 0) {
    throw wrong(place, "an array of lists and nulls, or { offsets: Int32Array, child: a column }");
  }
  const child = inputOf(property(column, "child"), element, `${place}.child`);
  const rows = offsets.length - 1;
  const values = { offsets, child, elements: child.rows };
  return { values, validity: maskOf(column, rows, place), rows };
}

function maskOf(column: unknown, rows: number, place: string): Uint8Array | null {
  const validity = property(column, "validity") ?? null;
  if (validity === null) return null;
  if (validity instanceof Uint8Array && validity.length * 8 >= rows) return validity;
  throw wrong(place, "a column whose validity is null or a Uint8Array with one bit a row");
}

function wrong(place: string, expected: string): TypeError {
  return new TypeError(`${place} must be ${expected}`);
}
