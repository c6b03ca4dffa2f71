import assert from "node:assert/strict";
import { artifactDescriptionSchema, type FunctionDescription } from "../../../src/core/manifest.ts";
import type { ScalarType } from "../../../src/core/types.ts";

type Texts = { offsets: Int32Array; data: Uint8Array } | (string | null)[] | { duckdb: Uint8Array };
export type Values = Uint8Array | Int32Array | BigInt64Array | Float32Array | Float64Array | Texts;
export type InputColumn = { values: Values; validity: Uint8Array | null };
export type Leaf = {
  values?: Values;
  validity: Uint8Array | null;
  offsets?: Int32Array;
  data?: Uint8Array;
};
export type OutputColumn = { validity: Uint8Array; leaves: Leaf[] };

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

function valuesFor(type: ScalarType, rows: number): Values | undefined {
  switch (type) {
    case "bool":
      return new Uint8Array(rows);
    case "int32":
      return new Int32Array(rows);
    case "int64":
      return new BigInt64Array(rows);
    case "float":
      return new Float32Array(rows);
    case "double":
      return new Float64Array(rows);
    case "string":
      return undefined;
  }
}

/** An output for a function, filled with what must not stay. */
export function outputFor(description: FunctionDescription, rows: number): OutputColumn {
  const { type } = description.result;
  const fields = typeof type === "string" ? [{ type, nullable: false }] : type.fields;
  const leaves = fields.map((field) => {
    const values = valuesFor(field.type, rows);
    if (values instanceof BigInt64Array) values.fill(99n);
    else if (ArrayBuffer.isView(values)) values.fill(99);
    return { ...(values ? { values } : {}), validity: new Uint8Array(maskBytes(rows)).fill(0xaa) };
  });
  return { validity: new Uint8Array(maskBytes(rows)).fill(0xaa), leaves };
}

/** A leaf as JavaScript values, null where it is null. */
export function readLeaf(leaf: Leaf, rows: number): unknown[] {
  const { values, validity, offsets, data } = leaf;
  return Array.from({ length: rows }, (_, row) => {
    if (validity && !isValid(validity, row)) return null;
    if (offsets && data) return new TextDecoder().decode(data.subarray(offsets[row], offsets[row + 1]));
    assert.ok(ArrayBuffer.isView(values) && !(values instanceof DataView));
    return values[row];
  });
}
