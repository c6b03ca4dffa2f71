import * as z from "zod";
import { UdfError } from "../../core/error.ts";

/**
 * The schema of a table as Spark writes it in JSON. Source: `DataType.json`, pyspark/sql/types.py.
 */
export const sparkSchema = z.object({
  type: z.literal("struct"),
  fields: z.array(z.object({ name: z.string(), type: z.unknown() })),
});
export type SparkSchema = z.infer<typeof sparkSchema>;

const nestedSchema = z.discriminatedUnion("type", [
  sparkSchema,
  z.object({ type: z.literal("array"), elementType: z.unknown() }),
  z.object({ type: z.literal("map"), keyType: z.unknown(), valueType: z.unknown() }),
]);

const plainTypes = new Map([
  ["boolean", "BOOLEAN"],
  ["byte", "TINYINT"],
  ["short", "SMALLINT"],
  ["integer", "INTEGER"],
  ["long", "BIGINT"],
  ["float", "FLOAT"],
  ["double", "DOUBLE"],
  ["string", "VARCHAR"],
  ["binary", "BLOB"],
  ["date", "DATE"],
  ["timestamp", "TIMESTAMP WITH TIME ZONE"],
  ["timestamp_ntz", "TIMESTAMP"],
]);
const decimal = /^decimal\(\d+,\d+\)$/;
const text = /^(?:var)?char\(\d+\)$/;
/** They make no value on Spark that the job could use, and may be left out. */
const unusable = [
  [/^interval /, "INTERVAL"],
  [/^variant$/, "JSON"],
  [/^time\(\d\)$/, "TIME"],
] as const;

/** A table's columns with DuckDB's types. Throws INPUT_INVALID with the column that has none. `where`: the table's address. */
export function columnsOfSchema({ fields }: SparkSchema, where: string): { name: string; type: string }[] {
  return fields.map(({ name, type }) => {
    const found = duckDbType(type);
    if (found !== undefined) return { name, type: found };
    throw new UdfError("INPUT_INVALID", {
      what: `the column ${name} is of the type ${JSON.stringify(type)}, which the job's SQL has not`,
      where,
      next: "Write the table without the column, or with another type.",
    });
  });
}

function duckDbType(type: unknown): string | undefined {
  if (typeof type === "string") {
    if (decimal.test(type)) return type.toUpperCase();
    if (text.test(type)) return "VARCHAR";
    return plainTypes.get(type) ?? unusable.find(([pattern]) => pattern.test(type))?.[1];
  }
  const nested = nestedSchema.safeParse(type).data;
  switch (nested?.type) {
    case "array": {
      const element = duckDbType(nested.elementType);
      return element && `${element}[]`;
    }
    case "map": {
      const [key, value] = [duckDbType(nested.keyType), duckDbType(nested.valueType)];
      return key && value && `MAP(${key}, ${value})`;
    }
    case "struct": {
      const fields = nested.fields.map((field) => ({ name: field.name, type: duckDbType(field.type) }));
      if (fields.length === 0 || fields.some((field) => field.type === undefined)) return undefined;
      return `STRUCT(${fields.map((field) => `"${field.name.replaceAll('"', '""')}" ${field.type}`).join(", ")})`;
    }
    case undefined:
      return undefined;
  }
}
