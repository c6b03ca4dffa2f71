import * as z from "zod";

/** The scalar types of a function's arguments and results. 64-bit integers are bigint in TypeScript. */
export const scalarTypes = ["bool", "int32", "int64", "float", "double", "string"] as const;
export const scalarTypeSchema = z.enum(scalarTypes);
export type ScalarType = z.infer<typeof scalarTypeSchema>;

export const fieldSchema = z.object({
  name: z.string(),
  type: scalarTypeSchema,
  nullable: z.boolean(),
});
export type Field = z.infer<typeof fieldSchema>;

export const structTypeSchema = z.object({
  /** The C++ type's name, which the stubs use too. */
  struct: z.string(),
  fields: z.array(fieldSchema).min(1),
});
export type StructType = z.infer<typeof structTypeSchema>;

export const resultTypeSchema = z.union([scalarTypeSchema, structTypeSchema]);
export type ResultType = z.infer<typeof resultTypeSchema>;

/** `double`, `Route{km: double, band: int32?}`: how a type is shown to people; `?` marks what may be null. */
export function formatType(type: ResultType, nullable = false): string {
  const mark = nullable ? "?" : "";
  if (typeof type === "string") return `${type}${mark}`;
  const fields = type.fields.map((field) => `${field.name}: ${formatType(field.type, field.nullable)}`);
  return `${type.struct}{${fields.join(", ")}}${mark}`;
}
