import type * as DuckDB from "@duckdb/node-api";
import type { TypeShape } from "./loader.ts";

/** The type that DuckDB has for ours. */
export function duckdbType(duckdb: typeof DuckDB, type: TypeShape): DuckDB.DuckDBType {
  if (typeof type === "string") return duckdb[scalarTypes[type].name];
  if ("decimal" in type) return duckdb.DECIMAL(type.decimal.precision, type.decimal.scale);
  if ("list" in type) return duckdb.LIST(duckdbType(duckdb, type.list.type));
  return duckdb.STRUCT(Object.fromEntries(type.fields.map((field) => [field.name, duckdbType(duckdb, field.type)])));
}

/** Bytes of one row in a vector; a struct has none of its own. */
export function duckdbWidth(type: TypeShape): number {
  if (typeof type === "string") return scalarTypes[type].width;
  if ("decimal" in type) return decimalWidth(type.decimal.precision);
  return "list" in type ? 16 : 0;
}

/** DuckDB keeps a decimal in as many bytes as its digits need. */
export function decimalWidth(precision: number): 2 | 4 | 8 | 16 {
  return precision <= 4 ? 2 : precision <= 9 ? 4 : precision <= 18 ? 8 : 16;
}

const scalarTypes = {
  bool: { name: "BOOLEAN", width: 1 },
  int8: { name: "TINYINT", width: 1 },
  int16: { name: "SMALLINT", width: 2 },
  int32: { name: "INTEGER", width: 4 },
  int64: { name: "BIGINT", width: 8 },
  uint8: { name: "UTINYINT", width: 1 },
  uint16: { name: "USMALLINT", width: 2 },
  uint32: { name: "UINTEGER", width: 4 },
  uint64: { name: "UBIGINT", width: 8 },
  float: { name: "FLOAT", width: 4 },
  double: { name: "DOUBLE", width: 8 },
  string: { name: "VARCHAR", width: 16 },
  bytes: { name: "BLOB", width: 16 },
  date: { name: "DATE", width: 4 },
  timestamp: { name: "TIMESTAMPTZ", width: 8 },
  local_timestamp: { name: "TIMESTAMP", width: 8 },
} as const;
