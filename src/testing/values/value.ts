import type { Type } from "../../core/types.ts";

/**
 * One value of a function's argument or result, exactly as a column holds it. By type: bool a boolean; integers of up to
 * 32 bits, float, double and date (days since 1970-01-01) a number; integers of 64 bits, timestamps (microseconds since
 * 1970) and decimals (in units of the last digit) a bigint; text and bytes a Uint8Array, since a text need not be valid
 * UTF-8; a list its elements; a struct its fields in order.
 */
export type Value = null | boolean | number | bigint | Uint8Array | readonly Value[];

/** Smallest and largest of each integer type, both included. */
export const integerRanges = {
  int8: [-(2n ** 7n), 2n ** 7n - 1n],
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint8: [0n, 2n ** 8n - 1n],
  uint16: [0n, 2n ** 16n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
} as const satisfies Record<string, readonly [bigint, bigint]>;
export type IntegerType = keyof typeof integerRanges;

export function isIntegerType(type: Type): type is IntegerType {
  return typeof type === "string" && Object.hasOwn(integerRanges, type);
}

/** Whether a type's integers are bigints. */
export function isWide(type: IntegerType): boolean {
  return type === "int64" || type === "uint64";
}

/** The text, or undefined where the bytes are not valid UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
