import { DuckDBInstance } from "@duckdb/node-api";
import * as z from "zod";
import { list } from "./sql-text.ts";

/**
 * Which of the names DuckDB has a function of by itself: one that is registered with the same types takes its place
 * without a word. Asked of a database of its own, since the session's has the module's functions already.
 */
export async function builtinsAmong(names: readonly string[]): Promise<string[]> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1", autoinstall_known_extensions: "false" });
  try {
    const connection = await instance.connect();
    const result = await connection.runAndReadAll(
      `SELECT DISTINCT lower(function_name) AS name FROM duckdb_functions()
       WHERE list_contains(${list(names.map((name) => name.toLowerCase()))}, lower(function_name))`,
    );
    const rows = z.array(z.object({ name: z.string() })).parse(result.getRowObjectsJson());
    const found = new Set(rows.map(({ name }) => name));
    return names.filter((name) => found.has(name.toLowerCase()));
  } finally {
    instance.closeSync();
  }
}
