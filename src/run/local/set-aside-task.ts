import { copy } from "./copy.ts";
import type { AsideRow, Reply, RequestOf } from "./messages.ts";
import type { Session } from "./session.ts";
import { literal, readParquet } from "./sql-text.ts";

/** Rows of one INSERT statement. */
const inserted = 1000;

/**
 * Writes rows of the input in the order given, each after what is said of it: the columns `bad_file`, `bad_row`,
 * `bad_function`, `bad_error` and `bad_place`, then the input's own.
 */
export async function setAsideTask(session: Session, request: RequestOf<"setAside">): Promise<Reply<"setAside">> {
  const { rows, output, format } = request;
  await session.run(
    `CREATE OR REPLACE TEMP TABLE bad_rows (position BIGINT, path VARCHAR, bad_file VARCHAR, bad_row BIGINT,
     bad_function VARCHAR, bad_error VARCHAR, bad_place VARCHAR)`,
  );
  for (let at = 0; at < rows.length; at += inserted) {
    const values = rows.slice(at, at + inserted).map((row, index) => valuesOf(row, at + index));
    await session.run(`INSERT INTO bad_rows VALUES ${values.join(", ")}`);
  }
  const selects = [...new Set(rows.map(({ path }) => path))].map((path) => {
    // a list of numbers, so that DuckDB reads no other row groups
    const numbers = rows.filter((row) => row.path === path).map(({ row }) => row);
    return `SELECT bad_rows.* EXCLUDE (path), input.* FROM ${readParquet([path])} AS input
      JOIN bad_rows ON bad_rows.path = ${literal(path)} AND bad_rows.bad_row = input.file_row_number
      WHERE input.file_row_number IN (${numbers.join(", ")})`;
  });
  const sql = `SELECT * EXCLUDE (position) FROM (${selects.join(" UNION ALL ")}) ORDER BY position`;
  return { rows: await copy(session, { sql, output, format, temporary: false }) };
}

function valuesOf({ path, shown, row, function: name, message, place }: AsideRow, at: number): string {
  const texts = [name, message].map(literal).join(", ");
  return `(${at}, ${literal(path)}, ${literal(shown)}, ${row}, ${texts}, ${place === null ? "NULL" : literal(place)})`;
}
