import type { Type } from "../../core/types.ts";
import { integerRanges, isIntegerType, isWide, type Value } from "../values/value.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);
const longLength = 100_000;

/** 0001-01-01 and 9999-12-31, which Python can say; what a column can hold beyond. */
const dates = [0, 19_782, -719_162, 2_932_896, -(2 ** 31), 2 ** 31 - 1];
const times = [0n, -1n, 1_709_209_800_000_000n, ...integerRanges.int64];
const floats = [0, -0, 1, -1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const texts = [
  text(""),
  text("a"),
  text(" "),
  text("ünïcode 漢字 😀"),
  text("nul\u0000byte"),
  text('quote"\\\n,;'),
  text("x".repeat(longLength)),
  // not valid UTF-8: no character begins so, and one that is cut off
  bytes(0xff, 0xfe),
  bytes(0x61, 0xc3),
];
const blobs = [bytes(), bytes(0), bytes(0xff, 0x00), new Uint8Array(longLength)];
const longList = 1000;

/** Values of a type at its borders, without null: what authors forget. */
export function samplesOf(type: Type): Value[] {
  if (isIntegerType(type)) {
    const [smallest, largest] = integerRanges[type];
    const values = [...new Set([0n, 1n, smallest < 0n ? -1n : 2n, smallest, largest])];
    return isWide(type) ? values : values.map(Number);
  }
  if (typeof type === "object") {
    if ("decimal" in type) {
      const largest = 10n ** BigInt(type.decimal.precision) - 1n;
      return [0n, 1n, -1n, largest, -largest];
    }
    if ("list" in type) return listsOf(samplesOf(type.list.type), type.list.nullable);
    return structsOf(type.fields.map((field) => withNull(samplesOf(field.type), field.nullable)));
  }
  switch (type) {
    case "bool":
      return [true, false];
    case "float":
      return [...floats, Math.fround(0.1), 2 ** -149, 3.4028234663852886e38, -3.4028234663852886e38];
    case "double":
      return [...floats, 0.1, Number.MIN_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE];
    case "string":
      return texts;
    case "bytes":
      return blobs;
    case "date":
      return dates;
    case "timestamp":
    case "local_timestamp":
      return times;
  }
}

export function withNull(values: readonly Value[], nullable: boolean): Value[] {
  return nullable ? [null, ...values] : [...values];
}

function listsOf(elements: readonly Value[], nullable: boolean): Value[] {
  const [first = null] = elements;
  const small = elements.filter((element) => !(element instanceof Uint8Array) || element.length < longLength);
  return [[], [first], withNull(small, nullable), Array.from({ length: longList }, () => first)];
}

/** Each sample of each field in some struct. */
function structsOf(fields: readonly (readonly Value[])[]): Value[] {
  const most = Math.max(...fields.map((samples) => samples.length));
  return Array.from({ length: most }, (_, at) => fields.map((samples) => samples[at % samples.length] ?? null));
}
