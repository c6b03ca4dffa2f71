import type { Type } from "../../core/types.ts";
import { formatDate, formatTime } from "../values/times.ts";
import { textOf, type Value } from "../values/value.ts";

export type DoorName = "Node" | "Python";

/** The dates that a JavaScript Date has, in days since 1970-01-01. Source: ECMA-262, "Time Values and Time Range". */
const farthestDay = 100_000_000;

/**
 * Whether a call of one row can have the value: a column holds more than the languages do, such as text that is not valid
 * UTF-8, and years that they do not know.
 */
export function callable({ value, type, door }: { value: Value; type: Type; door: DoorName }): boolean {
  if (value === null) return true;
  if (typeof type === "object") {
    if ("decimal" in type) return true;
    const items = Array.isArray(value) ? value : [];
    const typeAt = (at: number) => ("list" in type ? type.list.type : type.fields[at]?.type);
    return items.every((item: Value, at) => callable({ value: item, type: typeAt(at) ?? "bool", door }));
  }
  if (type === "string") return value instanceof Uint8Array && textOf(value) !== undefined;
  if (type === "date" && door === "Node") return Math.abs(Number(value)) <= farthestDay;
  if (type === "date") return formatDate(Number(value)) !== undefined;
  const isTime = type === "timestamp" || type === "local_timestamp";
  return door === "Node" || !isTime || (typeof value === "bigint" && formatTime(value) !== undefined);
}
