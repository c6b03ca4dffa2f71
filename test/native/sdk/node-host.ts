import assert from "node:assert/strict";
import { artifactDescriptionSchema, type FunctionDescription } from "../../../src/core/manifest.ts";
import type { Type } from "../../../src/core/types.ts";
import type { Values as DoorValues } from "../../../src/stubs/runtime/loader.ts";

type Texts = { offsets: Int32Array; data: Uint8Array } | { duckdb: Uint8Array };
type Lists = { offsets: Int32Array; elements: number; child: InputColumn };
export type Values = DoorValues | Texts | Lists | { children: InputColumn[] } | readonly unknown[];
export type InputColumn = { values: Values; validity: Uint8Array | null };
export type OutputColumn = {
  validity: Uint8Array | null;
  values?: DoorValues;
  offsets?: Int32Array;
  data?: Uint8Array;
  child?: OutputColumn;
  children?: OutputColumn[];
};

/** Any typed array as bytes. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** The Node door, as docs/architecture.md has it. */
export type Door = {
  describe(): string;
  configure(name: string, path: string): void;
  prepare(): void;
  call(index: number, ...args: unknown[]): unknown;
  columns(index: number, rows: number, inputs: readonly unknown[], output: unknown): number;
};

/** Loads an artifact into this process, which is the test file's own. */
export function openDoor(artifact: string): Door {
  const module: { exports: Partial<Door> } = { exports: {} };
  process.dlopen(module, artifact);
  const { describe, configure, prepare, call, columns } = module.exports;
  assert.ok(describe && configure && prepare && call && columns, "the Node door must offer its five calls");
  return { describe, configure, prepare, call, columns };
}

/** The functions by name, with the index that the door takes. */
export class Functions {
  readonly #functions: readonly FunctionDescription[];

  constructor(door: Pick<Door, "describe">) {
    this.#functions = artifactDescriptionSchema.parse(JSON.parse(door.describe())).functions;
  }
  get count(): number {
    return this.#functions.length;
  }
  index(name: string): number {
    const index = this.#functions.findIndex((description) => description.name === name);
    assert.notEqual(index, -1, `the module has no function ${name}`);
    return index;
  }
  get(name: string): FunctionDescription {
    const found = this.#functions[this.index(name)];
    assert.ok(found);
    return found;
  }
}

export const maskBytes = (rows: number): number => 8 * Math.ceil(rows / 64);

/** A mask with a 0 for each row that `isNull`. */
export function maskOf(rows: number, isNull: (row: number) => boolean): Uint8Array {
  const mask = new Uint8Array(maskBytes(rows));
  for (let row = 0; row < rows; row++) if (!isNull(row)) mask[row >> 3] = (mask[row >> 3] ?? 0) | (1 << (row & 7));
  return mask;
}

export const isValid = (mask: Uint8Array, row: number): boolean => (((mask[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;

const arrays = {
  ...{ bool: Uint8Array, int8: Int8Array, int16: Int16Array, int32: Int32Array, int64: BigInt64Array },
  ...{ uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, uint64: BigUint64Array },
  ...{ float: Float32Array, double: Float64Array, date: Int32Array, timestamp: BigInt64Array },
  local_timestamp: BigInt64Array,
};

/** An output for a type, filled with what must not stay. */
function outputOf(type: Type, rows: number): OutputColumn {
  const validity = new Uint8Array(maskBytes(rows)).fill(0xaa);
  if (type === "string" || type === "bytes") return { validity };
  if (typeof type === "string") {
    const values = new arrays[type](rows);
    bytesOf(values).fill(99);
    return { validity, values };
  }
  if ("decimal" in type) return { validity, values: new BigInt64Array(2 * rows).fill(99n) };
  return "list" in type ? { validity } : { validity, children: type.fields.map((field) => outputOf(field.type, rows)) };
}

/** An output for a function. */
export function outputFor(description: FunctionDescription, rows: number): OutputColumn & { validity: Uint8Array } {
  const output = outputOf(description.result.type, rows);
  assert.ok(output.validity);
  return { ...output, validity: output.validity };
}

/** A column as JavaScript values, null where it is null; a struct as an array of its fields. */
export function readColumn(column: OutputColumn, rows: number): unknown[] {
  const { values, validity, offsets, data, child, children } = column;
  const decode = new TextDecoder("utf-8", { fatal: true });
  const elements = child && readColumn(child, offsets?.[rows] ?? 0);
  const fields = children?.map((field) => readColumn(field, rows));
  return Array.from({ length: rows }, (_, row) => {
    if (validity && !isValid(validity, row)) return null;
    if (offsets && data) return decode.decode(data.subarray(offsets[row], offsets[row + 1]));
    if (offsets && elements) return elements.slice(offsets[row], offsets[row + 1]);
    if (fields) return fields.map((field) => field[row]);
    assert.ok(values);
    return values[row];
  });
}
