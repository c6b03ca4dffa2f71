import type { Door, DoorInput, DoorLeaf, FunctionShape, ScalarName } from "./loader.ts";

/** A column with one value a row. `validity` has one bit a row, least significant first, 1 = not null; null: no nulls. */
export type Column<Values> = { readonly values: Values; readonly validity: Uint8Array | null };

/** Text as an argument: strings and nulls, or UTF-8 bytes, row `i` from `offsets[i]` to `offsets[i + 1]`. */
export type TextInput = readonly (string | null)[] | Utf8;
export type Utf8 = {
  readonly offsets: Int32Array;
  readonly data: Uint8Array;
  readonly validity?: Uint8Array | null;
};

/** A column of text: UTF-8 bytes, row `i` from `offsets[i]` to `offsets[i + 1]`. */
export class TextColumn implements Iterable<string | null> {
  readonly offsets: Int32Array;
  readonly data: Uint8Array;
  readonly validity: Uint8Array | null;
  /** Rows. */
  readonly length: number;

  constructor({ offsets, data, validity = null }: Utf8) {
    this.offsets = offsets;
    this.data = data;
    this.validity = validity;
    this.length = offsets.length - 1;
  }

  /** The text of a row, or null. Throws a RangeError where there is no such row. */
  get(row: number): string | null {
    if (!(row >= 0 && row < this.length)) throw new RangeError(`there is no row ${row} in ${this.length} rows`);
    if (this.validity && !bitAt(this.validity, row)) return null;
    return textDecoder.decode(this.data.subarray(this.offsets[row], this.offsets[row + 1]));
  }

  *[Symbol.iterator](): IterableIterator<string | null> {
    for (let row = 0; row < this.length; row++) yield this.get(row);
  }
}

type Values = Uint8Array | Int32Array | BigInt64Array | Float32Array | Float64Array;
type FixedType = { allocate(rows: number): Values; accepts(value: unknown): value is Values; expected: string };

const fixedTypes: Record<Exclude<ScalarName, "string">, FixedType> = {
  bool: fixedType(Uint8Array, "a Uint8Array of 0 and 1"),
  int32: fixedType(Int32Array, "an Int32Array"),
  int64: fixedType(BigInt64Array, "a BigInt64Array"),
  float: fixedType(Float32Array, "a Float32Array"),
  double: fixedType(Float64Array, "a Float64Array"),
};

const textDecoder = new TextDecoder("utf-8", { ignoreBOM: true });

type ColumnsCall = { door: Door; index: number; shape: FunctionShape | undefined; columns: readonly unknown[] };

/** Computes function `index` over whole columns: the arguments as the caller gave them. */
export function callColumns<Result>(call: ColumnsCall): Result;
export function callColumns({ door, index, shape, columns }: ColumnsCall): unknown {
  if (!shape) throw new RangeError(`there is no function ${index}`);
  const inputs = shape.arguments.map(({ type }, position) => inputOf(columns[position], { type, shape, position }));
  const rows = inputs[0]?.rows ?? 0;
  for (const [position, input] of inputs.entries()) {
    if (input.rows === rows) continue;
    const [first, other] = [nameAt(shape, 0), nameAt(shape, position)];
    throw new RangeError(`${shape.name}(): ${other} has ${input.rows} rows, and ${first} has ${rows}`);
  }
  const { result } = shape;
  const leaves = (typeof result === "string" ? [result] : result.map(({ type }) => type)).map((type): DoorLeaf => {
    const validity = newMask(rows);
    return type === "string" ? { validity } : { values: fixedTypes[type].allocate(rows), validity };
  });
  const output = { validity: newMask(rows), leaves };
  const nulls = door.columns(index, rows, inputs, output);
  if (typeof result === "string") return leafColumn(leaves[0], rows);
  const fields = result.map(({ column }, position) => [column, leafColumn(leaves[position], rows)]);
  return { ...Object.fromEntries(fields), validity: nulls === 0 ? null : output.validity };
}

function leafColumn(leaf: DoorLeaf | undefined, rows: number): Column<unknown> | TextColumn {
  if (!leaf) throw new Error("the artifact gave too few columns");
  const validity = allValid(leaf.validity, rows) ? null : leaf.validity;
  const { offsets, data, values } = leaf;
  return offsets && data ? new TextColumn({ offsets, data, validity }) : { values, validity };
}

type Place = { type: ScalarName; shape: FunctionShape; position: number };
type Input = DoorInput & { rows: number };

function inputOf(column: unknown, place: Place): Input {
  if (place.type === "string") return textInput(column, place);
  const { accepts, expected } = fixedTypes[place.type];
  if (accepts(column)) return { values: column, validity: null, rows: column.length };
  const values = property(column, "values");
  if (!accepts(values)) throw wrong(place, `${expected}, or { values, validity } of one`);
  return { values, validity: maskOf(column, values.length, place), rows: values.length };
}

function textInput(column: unknown, place: Place): Input {
  if (Array.isArray(column)) return { values: column, validity: null, rows: column.length };
  const [offsets, data] = [property(column, "offsets"), property(column, "data")];
  if (!fixedTypes.int32.accepts(offsets) || !fixedTypes.bool.accepts(data) || offsets.length === 0) {
    throw wrong(place, "an array of strings and nulls, or { offsets: Int32Array, data: Uint8Array }");
  }
  const rows = offsets.length - 1;
  return { values: { offsets, data }, validity: maskOf(column, rows, place), rows };
}

function maskOf(column: unknown, rows: number, place: Place): Uint8Array | null {
  const validity = property(column, "validity") ?? null;
  if (validity === null) return null;
  if (validity instanceof Uint8Array && validity.length * 8 >= rows) return validity;
  throw wrong(place, "a column whose validity is null or a Uint8Array with one bit a row");
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function wrong({ shape, position }: Place, expected: string): TypeError {
  return new TypeError(`${shape.name}(): ${nameAt(shape, position)} must be ${expected}`);
}

function nameAt(shape: FunctionShape, position: number): string {
  return `argument ${position + 1} ("${shape.arguments[position]?.name}")`;
}

/** By its name: a test runner may run a test with other copies of the typed arrays than its modules have. */
function fixedType(kind: { new (rows: number): Values; readonly name: string }, expected: string): FixedType {
  const tag = `[object ${kind.name}]`;
  return {
    allocate: (rows) => new kind(rows),
    accepts: (value): value is Values => Object.prototype.toString.call(value) === tag,
    expected,
  };
}

/** The artifact writes masks in words of 64 rows. */
function newMask(rows: number): Uint8Array {
  return new Uint8Array(8 * Math.ceil(rows / 64));
}

function bitAt(mask: Uint8Array, row: number): boolean {
  return (((mask[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
}

function allValid(mask: Uint8Array, rows: number): boolean {
  const whole = rows >> 3;
  for (let index = 0; index < whole; index++) if (mask[index] !== 0xff) return false;
  const rest = (1 << (rows & 7)) - 1;
  return ((mask[whole] ?? 0) & rest) === rest;
}
