import type { DoorColumn, FlatName, TypeShape, Values } from "./loader.ts";

/** A column with one value a row. `validity` has one bit a row, least significant first, 1 = not null; null: no nulls. */
export type Column<OfValues> = { readonly values: OfValues; readonly validity: Uint8Array | null };

/** Text or bytes as an argument: row `i` from `offsets[i]` to `offsets[i + 1]` of `data`; text is UTF-8. */
export type Utf8 = {
  readonly offsets: Int32Array;
  readonly data: Uint8Array;
  readonly validity?: Uint8Array | null;
};
/** Text as an argument: strings and nulls, or UTF-8 bytes. */
export type TextInput = readonly (string | null)[] | Utf8;
/** Bytes as an argument. */
export type BytesInput = readonly (Uint8Array | null)[] | Utf8;
/** Decimal numbers as an argument: texts and nulls, or a column of them. */
export type DecimalInput = readonly (string | null)[] | Column<BigInt64Array>;
/** Lists as an argument: arrays and nulls, or the columns of their elements with where each row begins. */
export type ListInput<Row, Child> =
  | readonly (Row | null)[]
  | { readonly offsets: Int32Array; readonly child: Child; readonly validity?: Uint8Array | null };

/** Rows of which each can be had: by `get`, or one after the other. */
abstract class Rows<Row> implements Iterable<Row | null> {
  readonly validity: Uint8Array | null;
  readonly length: number;

  constructor(length: number, validity: Uint8Array | null) {
    this.length = length;
    this.validity = validity;
  }

  protected abstract at(row: number): Row;

  /** The value of a row, or null. Throws a RangeError where there is no such row. */
  get(row: number): Row | null {
    if (!(row >= 0 && row < this.length)) throw new RangeError(`there is no row ${row} in ${this.length} rows`);
    return this.validity && !bitAt(this.validity, row) ? null : this.at(row);
  }

  *[Symbol.iterator](): IterableIterator<Row | null> {
    for (let row = 0; row < this.length; row++) yield this.get(row);
  }
}

/** A column of text: UTF-8 bytes, row `i` from `offsets[i]` to `offsets[i + 1]`. */
export class TextColumn extends Rows<string> {
  readonly offsets: Int32Array;
  readonly data: Uint8Array;

  constructor({ offsets, data, validity = null }: Utf8) {
    super(offsets.length - 1, validity);
    this.offsets = offsets;
    this.data = data;
  }

  protected override at(row: number): string {
    return textDecoder.decode(this.data.subarray(this.offsets[row], this.offsets[row + 1]));
  }
}

/** A column of bytes, row `i` from `offsets[i]` to `offsets[i + 1]`. */
export class BytesColumn extends Rows<Uint8Array> {
  readonly offsets: Int32Array;
  readonly data: Uint8Array;

  constructor({ offsets, data, validity = null }: Utf8) {
    super(offsets.length - 1, validity);
    this.offsets = offsets;
    this.data = data;
  }

  protected override at(row: number): Uint8Array {
    return this.data.slice(this.offsets[row], this.offsets[row + 1]);
  }
}

/** A column of decimal numbers: integers of 128 bits that count the last digit, the lower half first. */
export class DecimalColumn extends Rows<string> {
  readonly values: BigInt64Array;
  readonly #scale: number;

  constructor({ values, validity, scale }: Column<BigInt64Array> & { scale: number }) {
    super(values.length / 2, validity);
    this.values = values;
    this.#scale = scale;
  }

  protected override at(row: number): string {
    const unscaled = ((this.values[2 * row + 1] ?? 0n) << 64n) + BigInt.asUintN(64, this.values[2 * row] ?? 0n);
    const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(this.#scale + 1, "0");
    const whole = digits.length - this.#scale;
    const text = this.#scale === 0 ? digits : `${digits.slice(0, whole)}.${digits.slice(whole)}`;
    return unscaled < 0n ? `-${text}` : text;
  }
}

/** A column of lists: `child` has the elements of all rows, row `i` from `offsets[i]` to `offsets[i + 1]`. */
export class ListColumn<Row, Child> extends Rows<Row> {
  readonly offsets: Int32Array;
  readonly child: Child;
  readonly #row: (from: number, to: number) => Row;

  constructor(options: {
    offsets: Int32Array;
    child: Child;
    validity: Uint8Array | null;
    row: (from: number, to: number) => Row;
  }) {
    super(options.offsets.length - 1, options.validity);
    this.offsets = options.offsets;
    this.child = options.child;
    this.#row = options.row;
  }

  protected override at(row: number): Row {
    return this.#row(this.offsets[row] ?? 0, this.offsets[row + 1] ?? 0);
  }
}

const textDecoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What the artifact gave, as callers have it. */
export function columnOf(type: TypeShape, column: DoorColumn, rows: number): unknown {
  const { offsets, data, values, child, children } = column;
  const validity = column.validity === null || allValid(column.validity, rows) ? null : column.validity;
  if (type === "string" && offsets && data) return new TextColumn({ offsets, data, validity });
  if (type === "bytes" && offsets && data) return new BytesColumn({ offsets, data, validity });
  if (typeof type === "string") return { values, validity };
  if ("decimal" in type && values instanceof BigInt64Array) {
    return new DecimalColumn({ values, validity, scale: type.decimal.scale });
  }
  if ("list" in type && offsets && child) {
    const elements = columnOf(type.list.type, child, offsets[rows] ?? 0);
    const row = listReader(type.list.type, elements);
    return new ListColumn({ offsets, child: elements, validity, row });
  }
  if ("fields" in type && children) {
    const fields = type.fields.map(({ column: name, type: field }, index) => {
      const given = children[index];
      if (!given) throw new Error("the artifact gave too few columns");
      return [name, columnOf(field, given, rows)];
    });
    return { ...Object.fromEntries(fields), validity };
  }
  throw new Error("the artifact gave a column of another type");
}

/** The elements of a row: a typed array where none of them is null, and JavaScript has one for them. */
function listReader(type: TypeShape, elements: unknown): (from: number, to: number) => unknown {
  const values = valuesOf(elements);
  const plain = typeof type === "string" && type !== "bool" && type !== "date" && values;
  const at = rowReader(type, elements);
  if (plain && validityOf(elements) === null) return (from, to) => values.slice(from, to);
  return (from, to) => Array.from({ length: to - from }, (_, index) => at(from + index));
}

/** Gives the value of a row of a column, as a call of one row gives it. */
function rowReader(type: TypeShape, column: unknown): (row: number) => unknown {
  if (column instanceof Rows) return (row) => column.get(row);
  const validity = validityOf(column);
  const isNull = (row: number) => validity !== null && !bitAt(validity, row);
  if (typeof type === "object" && "fields" in type) {
    const fields = type.fields.map((field) => {
      return { name: field.name, at: rowReader(field.type, property(column, field.column)) };
    });
    return (row) => (isNull(row) ? null : Object.fromEntries(fields.map(({ name, at }) => [name, at(row)])));
  }
  const values = valuesOf(column);
  if (!values) throw new Error("a column without values");
  switch (type) {
    case "bool":
      return (row) => (isNull(row) ? null : values[row] !== 0);
    case "date":
      return (row) => (isNull(row) ? null : new Date(Number(values[row]) * 86_400_000));
    default:
      return (row) => (isNull(row) ? null : values[row]);
  }
}

function valuesOf(column: unknown): Values | undefined {
  const values = property(column, "values");
  for (const { accepts } of Object.values(flatTypes)) if (accepts(values)) return values;
  return undefined;
}

function validityOf(column: unknown): Uint8Array | null {
  const validity = property(column, "validity");
  return validity instanceof Uint8Array ? validity : null;
}

export type FlatType = { allocate(length: number): Values; accepts(value: unknown): value is Values; expected: string };

export const flatTypes: Record<FlatName, FlatType> = {
  bool: flatType(Uint8Array, "a Uint8Array of 0 and 1"),
  int8: flatType(Int8Array, "an Int8Array"),
  int16: flatType(Int16Array, "an Int16Array"),
  int32: flatType(Int32Array, "an Int32Array"),
  int64: flatType(BigInt64Array, "a BigInt64Array"),
  uint8: flatType(Uint8Array, "a Uint8Array"),
  uint16: flatType(Uint16Array, "a Uint16Array"),
  uint32: flatType(Uint32Array, "a Uint32Array"),
  uint64: flatType(BigUint64Array, "a BigUint64Array"),
  float: flatType(Float32Array, "a Float32Array"),
  double: flatType(Float64Array, "a Float64Array"),
  date: flatType(Int32Array, "an Int32Array of days since 1970-01-01"),
  timestamp: flatType(BigInt64Array, "a BigInt64Array of microseconds since 1970"),
  local_timestamp: flatType(BigInt64Array, "a BigInt64Array of microseconds since 1970"),
};

/** By its name: a test runner may run a test with other copies of the typed arrays than its modules have. */
function flatType(kind: { new (length: number): Values; readonly name: string }, expected: string): FlatType {
  const tag = `[object ${kind.name}]`;
  return {
    allocate: (length) => new kind(length),
    accepts: (value): value is Values => Object.prototype.toString.call(value) === tag,
    expected,
  };
}

export function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

export function bitAt(mask: Uint8Array, row: number): boolean {
  return (((mask[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
}

export function allValid(mask: Uint8Array, rows: number): boolean {
  const whole = rows >> 3;
  for (let index = 0; index < whole; index++) if (mask[index] !== 0xff) return false;
  const rest = (1 << (rows & 7)) - 1;
  return ((mask[whole] ?? 0) & rest) === rest;
}
