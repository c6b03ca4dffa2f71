import * as z from "zod";

/**
 * The types of one value that need nothing more to be known. `timestamp` is an instant, `local_timestamp` a date and a
 * time of day without a zone.
 */
export const scalarTypes = [
  "bool",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "float",
  "double",
  "string",
  "bytes",
  "date",
  "timestamp",
  "local_timestamp",
] as const;
export const scalarTypeSchema = z.enum(scalarTypes);
export type ScalarType = z.infer<typeof scalarTypeSchema>;

/** An exact number of up to `precision` digits (at most 38), `scale` of them behind the point. */
export type DecimalType = { decimal: { precision: number; scale: number } };
export type ListType = { list: { type: Type; nullable: boolean } };
/** `struct`: the C++ type's name, which the stubs use too. */
export type StructType = { struct: string; fields: Field[] };
/** The type of a column: of an argument, a result, a list's elements, a struct's field. */
export type Type = ScalarType | DecimalType | ListType | StructType;
export type Field = { name: string; type: Type; nullable: boolean };

export const typeSchema: z.ZodType<Type> = z.lazy(() =>
  z.union([
    scalarTypeSchema,
    z.object({ decimal: z.object({ precision: z.number().int(), scale: z.number().int() }) }),
    z.object({ list: z.object({ type: typeSchema, nullable: z.boolean() }) }),
    z.object({ struct: z.string(), fields: z.array(fieldSchema).min(1) }),
  ]),
);
export const fieldSchema: z.ZodType<Field> = z.object({ name: z.string(), type: typeSchema, nullable: z.boolean() });

/** What an argument is when a caller leaves it out; integers of 64 bits as text. */
export const defaultSchema = z.union([z.boolean(), z.number(), z.string(), z.null()]);
export type DefaultValue = z.infer<typeof defaultSchema>;

/** `double`, `Route{km: double, band: int32?}`, `list(float)`: how a type is shown to people; `?` marks what may be null. */
export function formatType(type: Type, nullable = false): string {
  const mark = nullable ? "?" : "";
  if (typeof type === "string") return `${type}${mark}`;
  if ("decimal" in type) return `decimal(${type.decimal.precision}, ${type.decimal.scale})${mark}`;
  if ("list" in type) return `list(${formatType(type.list.type, type.list.nullable)})${mark}`;
  const fields = type.fields.map((field) => `${field.name}: ${formatType(field.type, field.nullable)}`);
  return `${type.struct}{${fields.join(", ")}}${mark}`;
}

/** A type with all types that lie in it, itself last. */
export function typesIn(type: Type): Type[] {
  if (typeof type === "string" || "decimal" in type) return [type];
  if ("list" in type) return [...typesIn(type.list.type), type];
  return [...type.fields.flatMap((field) => typesIn(field.type)), type];
}
