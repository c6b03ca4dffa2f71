import type { Type } from "../../core/types.ts";
import { formatValue } from "./notation.ts";
import type { Value } from "./value.ts";

/** Two values of a type, and whether two floating-point numbers in them are near enough. */
export type Pair = { left: Value; right: Value; type: Type; near: (left: number, right: number) => boolean };

/** The same but for the floating-point numbers in them, which are near each other. */
export function alike({ left, right, type, near }: Pair): boolean {
  if ((type === "float" || type === "double") && typeof left === "number" && typeof right === "number") {
    return Object.is(left, right) || near(left, right);
  }
  if (typeof type === "string" || "decimal" in type || !Array.isArray(left) || !Array.isArray(right)) {
    return formatValue(left, type) === formatValue(right, type);
  }
  const typeAt = (at: number) => ("list" in type ? type.list.type : type.fields[at]?.type);
  return (
    left.length === right.length &&
    left.every((item: Value, at) => {
      const inner = typeAt(at);
      return inner !== undefined && alike({ left: item, right: right[at] ?? null, type: inner, near });
    })
  );
}
