import type { Type } from "../../core/types.ts";
import { formatDecimal, NotationError, readValue } from "../values/notation.ts";
import { isIntegerType, isWide, textOf, type Value } from "../values/value.ts";

/* Values as the Node door takes and gives them in a call of one row; docs/architecture.md, "The artifact's doors". */

const dayMilliseconds = 86_400_000;

export function toNode(value: Value, type: Type): unknown {
  if (value === null) return null;
  if (typeof type === "object") {
    if ("decimal" in type) return formatDecimal(BigInt(String(value)), type.decimal.scale);
    const items = Array.isArray(value) ? value : [];
    if ("list" in type) return items.map((item: Value) => toNode(item, type.list.type));
    return Object.fromEntries(
      type.fields.map(({ name, type: field }, index) => [name, toNode(items[index] ?? null, field)]),
    );
  }
  if (type === "string" && value instanceof Uint8Array) return textOf(value);
  if (type === "date") return new Date(Number(value) * dayMilliseconds);
  return value;
}

/** What a call gave. Throws NotationError where that is nothing of the type. */
export function fromNode(given: unknown, type: Type): Value {
  if (given === null) return null;
  if (typeof type === "object") {
    if ("decimal" in type) return typeof given === "string" ? readValue(given, type, false) : refuse(given);
    if ("list" in type) {
      const items: unknown[] = Array.isArray(given) ? given : isIterable(given) ? [...given] : refuse(given);
      return items.map((item) => fromNode(item, type.list.type));
    }
    return type.fields.map(({ name, type: field }) =>
      fromNode(typeof given === "object" ? Reflect.get(given, name) : undefined, field),
    );
  }
  if (type === "string") return typeof given === "string" ? new TextEncoder().encode(given) : refuse(given);
  if (type === "bytes") return given instanceof Uint8Array ? given : refuse(given);
  if (type === "date") return given instanceof Date ? given.getTime() / dayMilliseconds : refuse(given);
  if (type === "bool") return typeof given === "boolean" ? given : refuse(given);
  const isBig = type === "timestamp" || type === "local_timestamp" || (isIntegerType(type) && isWide(type));
  if (isBig) return typeof given === "bigint" ? given : refuse(given);
  return typeof given === "number" ? given : refuse(given);
}

function isIterable(given: unknown): given is Iterable<unknown> {
  return typeof given === "object" && given !== null && Symbol.iterator in given;
}

function refuse(given: unknown): never {
  throw new NotationError(`the door gave ${String(given)}`);
}
