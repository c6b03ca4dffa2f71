import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsOfSchema, sparkSchema } from "../../../../src/run/spark/spark-schema.ts";

/** As `StructType.jsonValue()` of PySpark 4.3 gives them. */
const types: readonly (readonly [spark: unknown, duckDb: string])[] = [
  ["boolean", "BOOLEAN"],
  ["byte", "TINYINT"],
  ["short", "SMALLINT"],
  ["integer", "INTEGER"],
  ["long", "BIGINT"],
  ["float", "FLOAT"],
  ["double", "DOUBLE"],
  ["decimal(38,10)", "DECIMAL(38,10)"],
  ["string", "VARCHAR"],
  ["char(3)", "VARCHAR"],
  ["varchar(3)", "VARCHAR"],
  ["binary", "BLOB"],
  ["date", "DATE"],
  ["timestamp", "TIMESTAMP WITH TIME ZONE"],
  ["timestamp_ntz", "TIMESTAMP"],
  ["interval day to second", "INTERVAL"],
  [{ type: "array", elementType: { type: "array", elementType: "integer", containsNull: true } }, "INTEGER[][]"],
  [
    {
      type: "struct",
      fields: [
        { name: 'a "b"', type: "long", nullable: true, metadata: {} },
        { name: "p", type: { type: "array", elementType: "double", containsNull: true } },
      ],
    },
    'STRUCT("a ""b""" BIGINT, "p" DOUBLE[])',
  ],
  [{ type: "map", keyType: "string", valueType: "long", valueContainsNull: true }, "MAP(VARCHAR, BIGINT)"],
];

test("the columns of a table of Spark have DuckDB's types", () => {
  const fields = types.map(([type], index) => ({ name: `c${index}`, type, nullable: true, metadata: {} }));
  const columns = columnsOfSchema(sparkSchema.parse({ type: "struct", fields }), "s3a://lake/rows/");
  assert.deepEqual(
    columns,
    types.map(([, type], index) => ({ name: `c${index}`, type })),
  );
});

test("a column that DuckDB has no type for is refused by its name and the table", () => {
  const schema = sparkSchema.parse({ type: "struct", fields: [{ name: "shape", type: { type: "udt" } }] });
  assert.throws(() => columnsOfSchema(schema, "s3a://lake/rows/"), {
    code: "INPUT_INVALID",
    message: /s3a:\/\/lake\/rows\/.*the column shape is of the type \{"type":"udt"\}/,
  });
});
