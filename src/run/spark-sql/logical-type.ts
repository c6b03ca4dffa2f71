import * as z from "zod";
import { NotOnSpark } from "./not-on-spark.ts";

/** A type of DuckDB, as its plans write it. */
export type LogicalType =
  | { kind: "plain"; id: string }
  | { kind: "decimal"; width: number; scale: number }
  | { kind: "list"; element: LogicalType }
  | { kind: "struct"; fields: readonly { name: string; type: LogicalType }[] }
  /** One that no value of Spark stands for. */
  | { kind: "other"; name: string };

const writtenSchema = z.object({ id: z.string(), type_info: z.unknown() });
const aliasSchema = z.object({ alias: z.string().min(1) });
const decimalSchema = z.object({ width: z.number().default(0), scale: z.number().default(0) });
const listSchema = z.object({ child_type: z.unknown() });
const structSchema = z.object({
  child_types: z.array(z.object({ first: z.string().default(""), second: z.unknown() })),
});

export const typeSchema: z.ZodType<LogicalType> = z.unknown().transform(readType);

function readType(written: unknown): LogicalType {
  const { id, type_info: info } = writtenSchema.parse(written);
  const alias = aliasSchema.safeParse(info).data?.alias;
  if (alias !== undefined) return { kind: "other", name: alias };
  switch (id) {
    case "DECIMAL":
      return { kind: "decimal", ...decimalSchema.parse(info) };
    case "LIST":
      return { kind: "list", element: readType(listSchema.parse(info).child_type) };
    case "STRUCT": {
      const fields = structSchema.parse(info).child_types;
      if (fields.some(({ first }) => first === "")) return { kind: "other", name: "STRUCT without names (a row)" };
      return { kind: "struct", fields: fields.map(({ first, second }) => ({ name: first, type: readType(second) })) };
    }
    default:
      return { kind: "plain", id };
  }
}

export const plain = (id: string): LogicalType => ({ kind: "plain", id });

/** The types of Spark that hold the values of DuckDB's. Unsigned ones have more room than they use. */
const sparkNames: Record<string, string> = {
  BOOLEAN: "BOOLEAN",
  TINYINT: "TINYINT",
  SMALLINT: "SMALLINT",
  INTEGER: "INT",
  BIGINT: "BIGINT",
  HUGEINT: "DECIMAL(38,0)",
  UTINYINT: "SMALLINT",
  USMALLINT: "INT",
  UINTEGER: "BIGINT",
  UBIGINT: "DECIMAL(20,0)",
  FLOAT: "FLOAT",
  DOUBLE: "DOUBLE",
  VARCHAR: "STRING",
  BLOB: "BINARY",
  DATE: "DATE",
  TIMESTAMP: "TIMESTAMP_NTZ",
  "TIMESTAMP WITH TIME ZONE": "TIMESTAMP_LTZ",
  // a null of no type is an integer where it is kept
  NULL: "INT",
};

/** The Spark type that values of this type have inside a statement. Throws NotOnSpark. */
export function sparkType(type: LogicalType): string {
  switch (type.kind) {
    case "decimal":
      return `DECIMAL(${type.width},${type.scale})`;
    case "list":
      return `ARRAY<${sparkType(type.element)}>`;
    case "struct":
      return `STRUCT<${type.fields.map((field) => `${quoted(field.name)}: ${sparkType(field.type)}`).join(", ")}>`;
    case "plain": {
      const name = sparkNames[type.id];
      if (name !== undefined) return name;
      throw noType(type);
    }
    case "other":
      throw noType(type);
  }
}

/** True for a type that Spark has values of. */
export function isOnSpark(type: LogicalType): boolean {
  try {
    sparkType(type);
    return true;
  } catch {
    return false;
  }
}

/** What DuckDB's Parquet writer makes of a type: what a reader of the file, or `reduce`, sees in place of it. */
export function writtenType(type: LogicalType): LogicalType {
  switch (type.kind) {
    case "list":
      return { kind: "list", element: writtenType(type.element) };
    case "struct":
      return {
        kind: "struct",
        fields: type.fields.map(({ name, type: inner }) => ({ name, type: writtenType(inner) })),
      };
    case "plain":
      if (type.id === "HUGEINT") return plain("DOUBLE");
      return type.id === "NULL" ? plain("INTEGER") : type;
    case "decimal":
    case "other":
      return type;
  }
}

function noType(type: LogicalType): NotOnSpark {
  const next = { TIME: "Keep it as a number of microseconds, or as part of a TIMESTAMP.", UUID: "Cast it to VARCHAR." };
  const name = showType(type);
  return new NotOnSpark({
    what: `values of the type ${name} have no equal in Spark`,
    next: new Map(Object.entries(next)).get(name) ?? "Use another type, or run the job on the local target.",
  });
}

/** As DuckDB shows it. */
export function showType(type: LogicalType): string {
  switch (type.kind) {
    case "plain":
      return type.id;
    case "decimal":
      return `DECIMAL(${type.width},${type.scale})`;
    case "list":
      return `${showType(type.element)}[]`;
    case "struct":
      return `STRUCT(${type.fields.map((field) => `"${field.name.replaceAll('"', '""')}" ${showType(field.type)}`).join(", ")})`;
    case "other":
      return type.name;
  }
}

export function isSame(left: LogicalType, right: LogicalType): boolean {
  return showType(left) === showType(right);
}

const signedIntegers = new Set(["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"]);
const unsignedIntegers = new Set(["UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"]);

export const isSigned = (type: LogicalType): boolean => type.kind === "plain" && signedIntegers.has(type.id);
export const isUnsigned = (type: LogicalType): boolean => type.kind === "plain" && unsignedIntegers.has(type.id);
export const isInteger = (type: LogicalType): boolean => isSigned(type) || isUnsigned(type);
export const isFloating = (type: LogicalType): boolean => is(type, "FLOAT") || is(type, "DOUBLE");
export const isNested = (type: LogicalType): boolean => type.kind === "list" || type.kind === "struct";

export function is(type: LogicalType, id: string): boolean {
  return type.kind === "plain" && type.id === id;
}

/** A name in a statement of Spark. */
export function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
