import type { Type } from "../../core/types.ts";
import { integerRanges, isIntegerType, isWide, type Value } from "./value.ts";

/** Numbers from 0 to 1, without 1. */
type Random = () => number;

/** An ordinary value of a type: small numbers, texts of some letters, short lists, times of this century. */
export function ordinaryValue(type: Type, random: Random): Value {
  const below = (limit: number) => Math.floor(random() * limit);
  const letters = (count: number) => Uint8Array.from({ length: count }, () => 97 + below(26));
  if (isIntegerType(type)) {
    const value = below(Math.min(Number(integerRanges[type][1]), 1000));
    return isWide(type) ? BigInt(value) : value;
  }
  if (typeof type === "object") {
    if ("decimal" in type) return BigInt(below(10 ** Math.min(type.decimal.precision, 6)));
    if ("list" in type) return Array.from({ length: 2 + below(7) }, () => ordinaryValue(type.list.type, random));
    return type.fields.map((field) => ordinaryValue(field.type, random));
  }
  switch (type) {
    case "bool":
      return random() < 0.5;
    case "float":
      return Math.fround(random() * 100);
    case "double":
      return random() * 100;
    case "string":
    case "bytes":
      return letters(4 + below(12));
    case "date":
      return 11_000 + below(9000);
    case "timestamp":
    case "local_timestamp":
      return 1_000_000_000_000_000n + BigInt(below(1e9)) * 1_000_000n;
  }
}
