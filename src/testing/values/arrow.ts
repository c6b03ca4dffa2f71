import * as z from "zod";
import { formatType, type Type } from "../../core/types.ts";
import { isIntegerType, isWide, type Value } from "./value.ts";

/**
 * A column as Arrow lays it out, for the way to another process: buffers as base64 in the order of the format, null for
 * a mask where nothing is null. Source: "Arrow Columnar Format" and "The Arrow C data interface", format strings.
 */
export type ArrowColumn = {
  format: string;
  name: string;
  length: number;
  buffers: (string | null)[];
  children: ArrowColumn[];
};
export const arrowColumnSchema: z.ZodType<ArrowColumn> = z.object({
  format: z.string(),
  name: z.string(),
  length: z.number().int(),
  buffers: z.array(z.string().nullable()),
  children: z.lazy(() => z.array(arrowColumnSchema)),
});

const formats = {
  ...{ bool: "b", int8: "c", int16: "s", int32: "i", int64: "l", uint8: "C", uint16: "S", uint32: "I", uint64: "L" },
  ...{ float: "f", double: "g", string: "u", bytes: "z", date: "tdD", timestamp: "tsu:UTC", local_timestamp: "tsu:" },
} as const;

const widths = {
  ...{ int8: 1, int16: 2, int32: 4, int64: 8, uint8: 1, uint16: 2, uint32: 4, uint64: 8 },
  ...{ float: 4, double: 8, date: 4, timestamp: 8, local_timestamp: 8 },
} as const;

/** How Arrow names a type. */
export function formatOf(type: Type): string {
  if (typeof type === "string") return formats[type];
  if ("decimal" in type) return `d:${type.decimal.precision},${type.decimal.scale}`;
  return "list" in type ? "+l" : "+s";
}

type Given = { name?: string; type: Type; values: readonly Value[] };

/** Values as a column; what lies under a null is zero. */
export function toArrow({ name = "", type, values }: Given): ArrowColumn {
  const length = values.length;
  const mask = values.includes(null) ? bits(values.map((value) => value !== null)) : null;
  const column = (buffers: readonly Uint8Array[], children: ArrowColumn[] = []): ArrowColumn => ({
    ...{ format: formatOf(type), name, length, children },
    buffers: [mask, ...buffers].map((buffer) => (buffer ? Buffer.from(buffer).toString("base64") : null)),
  });
  if (typeof type === "object") {
    if ("decimal" in type) return column([wide(values)]);
    const rows = values.map((value) => (Array.isArray(value) ? value : []));
    if ("list" in type) {
      const child = toArrow({ name: "item", type: type.list.type, values: rows.flat(1) });
      return column([offsetsOf(rows.map((row) => row.length))], [child]);
    }
    const children = type.fields.map((field, index) =>
      toArrow({ name: field.name, type: field.type, values: rows.map((row) => row[index] ?? null) }),
    );
    return column([], children);
  }
  if (type === "bool") return column([bits(values.map((value) => value === true))]);
  if (type === "string" || type === "bytes") {
    const texts = values.map((value) => (value instanceof Uint8Array ? value : new Uint8Array()));
    return column([offsetsOf(texts.map((text) => text.length)), Buffer.concat(texts)]);
  }
  const bytes = Buffer.alloc(widths[type] * length);
  for (const [row, value] of values.entries()) writeFlat({ bytes, type, row, value });
  return column([bytes]);
}

/** The values of a column that an artifact gave. Throws where its format is not the type's. */
export function fromArrow(column: ArrowColumn, type: Type): Value[] {
  const [mask, first, second] = column.buffers.map((text) => (text === null ? null : Buffer.from(text, "base64")));
  if (column.format !== formatOf(type))
    throw new TypeError(`a column of ${formatType(type)} has the format ${column.format}`);
  const rows = Array.from({ length: column.length }, (_, row) => row);
  const at = reader({ column, type, first: first ?? Buffer.alloc(0), second: second ?? Buffer.alloc(0) });
  return rows.map((row) => (mask && !bit(mask, row) ? null : at(row)));
}

type Buffers = { column: ArrowColumn; type: Type; first: Buffer; second: Buffer };

function reader({ column, type, first, second }: Buffers): (row: number) => Value {
  const from = (row: number) => first.readInt32LE(4 * row);
  if (typeof type === "object") {
    if ("decimal" in type) {
      return (row) => (first.readBigInt64LE(16 * row + 8) << 64n) + first.readBigUInt64LE(16 * row);
    }
    const types = "list" in type ? [type.list.type] : type.fields.map((field) => field.type);
    const children = types.map((child, index) => {
      const given = column.children[index];
      if (!given) throw new TypeError(`a column of ${formatType(type)} lacks a child`);
      return fromArrow(given, child);
    });
    if ("list" in type) return (row) => (children[0] ?? []).slice(from(row), from(row + 1));
    return (row) => children.map((child) => child[row] ?? null);
  }
  if (type === "bool") return (row) => bit(first, row);
  if (type === "string" || type === "bytes") {
    return (row) => new Uint8Array(second.subarray(from(row), from(row + 1)));
  }
  return (row) => readFlat({ bytes: first, type, row });
}

type FlatType = keyof typeof widths;
type Cell = { bytes: Buffer; type: FlatType; row: number };

function writeFlat({ bytes, type, row, value }: Cell & { value: Value }): void {
  const width = widths[type];
  if (type === "float" && typeof value === "number") bytes.writeFloatLE(value, 4 * row);
  else if (type === "double" && typeof value === "number") bytes.writeDoubleLE(value, 8 * row);
  else if (typeof value === "bigint") bytes.writeBigUInt64LE(BigInt.asUintN(64, value), 8 * row);
  else if (typeof value === "number")
    bytes.writeUIntLE(Number(BigInt.asUintN(8 * width, BigInt(value))), width * row, width);
}

function readFlat({ bytes, type, row }: Cell): number | bigint {
  const width = widths[type];
  if (type === "float") return bytes.readFloatLE(4 * row);
  if (type === "double") return bytes.readDoubleLE(8 * row);
  const isUnsigned = isIntegerType(type) && type.startsWith("u");
  if (type === "timestamp" || type === "local_timestamp" || (isIntegerType(type) && isWide(type))) {
    return isUnsigned ? bytes.readBigUInt64LE(8 * row) : bytes.readBigInt64LE(8 * row);
  }
  return isUnsigned ? bytes.readUIntLE(width * row, width) : bytes.readIntLE(width * row, width);
}

function wide(values: readonly Value[]): Uint8Array {
  const bytes = Buffer.alloc(16 * values.length);
  for (const [row, value] of values.entries()) {
    const unscaled = typeof value === "bigint" ? value : 0n;
    bytes.writeBigUInt64LE(BigInt.asUintN(64, unscaled), 16 * row);
    bytes.writeBigInt64LE(BigInt.asIntN(64, unscaled >> 64n), 16 * row + 8);
  }
  return bytes;
}

function offsetsOf(lengths: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * (lengths.length + 1));
  let end = 0;
  for (const [row, length] of lengths.entries()) {
    end += length;
    bytes.writeInt32LE(end, 4 * (row + 1));
  }
  return bytes;
}

/** One bit a row, least significant first. */
export function bits(flags: readonly boolean[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(flags.length / 8));
  for (const [index, flag] of flags.entries())
    if (flag) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7));
  return bytes;
}

export function bit(bytes: Uint8Array, row: number): boolean {
  return (((bytes[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
}
