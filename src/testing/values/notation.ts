import * as z from "zod";
import { type DecimalType, formatType, type Type } from "../../core/types.ts";
import { formatDate, formatTime, parseDate, parseTime } from "./times.ts";
import { integerRanges, isIntegerType, isWide, textOf, type Value } from "./value.ts";

/*
 * How exact values are written in JSON, in the cases of a module and between processes; docs/testing.md has the table. A
 * number that JSON readers would change is a text: an integer beyond ±(2^53 - 1), NaN, the infinities and -0.
 */

/** JSON whose integers are exact: those that a number cannot hold are bigints. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | { readonly [name: string]: Json };

export const jsonSchema: z.ZodType<Json> = z.lazy(() =>
  z.union([
    z.null(),
    z.boolean(),
    z.number(),
    z.bigint(),
    z.string(),
    z.array(jsonSchema),
    z.record(z.string(), jsonSchema),
  ]),
);

/** A value that is not of its type: what was expected, as the rest of a sentence. */
export class NotationError extends Error {}

/** The value that `json` says. Throws NotationError, with the place in the value. */
export function readValue(json: Json, type: Type, nullable: boolean): Value {
  if (json === null) return nullable ? null : refuse(json, type);
  if (typeof type === "object") {
    if ("decimal" in type) return readDecimal(json, type);
    if ("list" in type) {
      const { type: element, nullable: nulls } = type.list;
      if (!isList(json)) return refuse(json, type);
      return json.map((item, index) => within(`[${index}]`, () => readValue(item, element, nulls)));
    }
    return readStruct(json, type);
  }
  if (isIntegerType(type)) {
    const integer = integerOf(json);
    const [smallest, largest] = integerRanges[type];
    if (integer === undefined || integer < smallest || integer > largest) return refuse(json, type);
    return isWide(type) ? integer : Number(integer);
  }
  switch (type) {
    case "bool":
      return typeof json === "boolean" ? json : refuse(json, type);
    case "float":
    case "double":
      return readFloat(json, type);
    case "string":
      return typeof json === "string" ? new TextEncoder().encode(json) : (hexOf(json) ?? refuse(json, type));
    case "bytes":
      return hexOf({ hex: json }) ?? refuse(json, type);
    case "date":
      return readDate(json) ?? refuse(json, type);
    case "timestamp":
      return readTime(json, "Z") ?? refuse(json, type);
    case "local_timestamp":
      return readTime(json, "") ?? refuse(json, type);
  }
}

/** The one way to write a value: two values have the same bits where these are equal. All NaNs are one. */
export function writeValue(value: Value, type: Type): Json {
  if (value === null || typeof value === "boolean") return value;
  if (value instanceof Uint8Array) {
    const text = type === "string" ? textOf(value) : undefined;
    const hex = Buffer.from(value).toString("hex");
    return text ?? (type === "string" ? { hex } : hex);
  }
  if (typeof value === "bigint") {
    if (typeof type === "object" && "decimal" in type) return formatDecimal(value, type.decimal.scale);
    const time = type === "timestamp" || type === "local_timestamp" ? formatTime(value) : undefined;
    if (time !== undefined) return type === "timestamp" ? `${time}Z` : time;
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (typeof value === "number") {
    if (type === "date") return formatDate(value) ?? value;
    return Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? "-0" : String(value);
  }
  if (typeof type === "object" && "list" in type) return value.map((item) => writeValue(item, type.list.type));
  if (typeof type === "object" && "struct" in type) {
    return Object.fromEntries(
      type.fields.map((field, index) => [field.name, writeValue(value[index] ?? null, field.type)]),
    );
  }
  throw new TypeError(`a list of values is no ${formatType(type)}`);
}

/** The same as text, on one line. */
export function formatValue(value: Value, type: Type): string {
  return spaced(writeValue(value, type));
}

/** JSON on one line with a blank after commas and colons, as people write it. */
export function spaced(json: Json): string {
  if (isList(json)) return `[${json.map(spaced).join(", ")}]`;
  if (typeof json === "object" && json !== null) {
    const fields = Object.entries(json).map(([name, value]) => `${JSON.stringify(name)}: ${spaced(value)}`);
    return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
  }
  return typeof json === "bigint" ? String(json) : JSON.stringify(json);
}

/** `-12.50`, with all digits of the scale. */
export function formatDecimal(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const whole = digits.length - scale;
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, whole)}${scale === 0 ? "" : `.${digits.slice(whole)}`}`;
}

/** `Array.isArray` does not know arrays that are read only. */
function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

function refuse(json: Json, type: Type): never {
  throw new NotationError(`must be ${formatType(type)}, not ${spaced(json).slice(0, 100)}`);
}

function within<Result>(place: string, body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    throw error instanceof NotationError ? new NotationError(`${place} ${error.message}`) : error;
  }
}

/** Of a number without a fraction, or a text of digits. */
function integerOf(json: Json): bigint | undefined {
  if (typeof json === "bigint") return json;
  if (typeof json === "number") return Number.isSafeInteger(json) ? BigInt(json) : undefined;
  return typeof json === "string" && /^-?\d+$/.test(json) ? BigInt(json) : undefined;
}

const specials: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
  "-0": -0,
};

function readFloat(json: Json, type: "float" | "double"): number {
  const number =
    typeof json === "string" && Object.hasOwn(specials, json)
      ? specials[json]
      : typeof json === "number" || typeof json === "bigint"
        ? Number(json)
        : undefined;
  if (number === undefined) return refuse(json, type);
  return type === "float" ? Math.fround(number) : number;
}

function readDecimal(json: Json, type: DecimalType): bigint {
  const { precision, scale } = type.decimal;
  const text = typeof json === "number" || typeof json === "bigint" ? String(json) : json;
  const match = typeof text === "string" ? /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) : null;
  const fraction = (match?.[3] ?? "").replace(/0+$/, "");
  if (!match || fraction.length > scale) return refuse(json, type);
  const unscaled = BigInt(`${match[2]}${fraction.padEnd(scale, "0")}`);
  if (unscaled >= 10n ** BigInt(precision)) return refuse(json, type);
  return match[1] === "-" ? -unscaled : unscaled;
}

function readStruct(json: Json, type: Extract<Type, { struct: string }>): Value[] {
  if (typeof json !== "object" || json === null || isList(json)) return refuse(json, type);
  const unknown = Object.keys(json).find((name) => !type.fields.some((field) => field.name === name));
  if (unknown !== undefined)
    throw new NotationError(`has no field ${JSON.stringify(unknown)}: it is ${formatType(type)}`);
  return type.fields.map(({ name, type: field, nullable }) =>
    within(`.${name}`, () => readValue(json[name] ?? null, field, nullable)),
  );
}

/** The bytes of `{ "hex": "00ff" }`. */
function hexOf(json: Json): Uint8Array | undefined {
  if (typeof json !== "object" || json === null || isList(json) || Object.keys(json).length !== 1) return undefined;
  const { hex } = json;
  if (typeof hex !== "string" || !/^(?:[0-9a-f]{2})*$/i.test(hex)) return undefined;
  return new Uint8Array(Buffer.from(hex, "hex"));
}

function readDate(json: Json): number | undefined {
  if (typeof json === "string") return parseDate(json);
  const days = integerOf(json);
  const [smallest, largest] = integerRanges.int32;
  return days === undefined || days < smallest || days > largest ? undefined : Number(days);
}

/** `zone`: what a text of its type ends with. */
function readTime(json: Json, zone: "Z" | ""): bigint | undefined {
  if (typeof json === "string" && json.includes("T")) {
    return json.endsWith(zone) ? parseTime(json.slice(0, json.length - zone.length)) : undefined;
  }
  const microseconds = integerOf(json);
  const [smallest, largest] = integerRanges.int64;
  return microseconds === undefined || microseconds < smallest || microseconds > largest ? undefined : microseconds;
}
