import * as z from "zod";
import { copy } from "./copy.ts";
import type { Reply, RequestOf } from "./messages.ts";
import type { Session } from "./session.ts";
import { readParquet } from "./sql-text.ts";

/** Computes `map` over a part of the input. */
export async function mapTask(session: Session, request: RequestOf<"map">): Promise<Reply<"map">> {
  const { files, first, count, sql, output, format, final } = request;
  // DuckDB reads no row group that the range is not in
  const range = files.length === 1 ? ` WHERE file_row_number >= ${first} AND file_row_number < ${first + count}` : "";
  await session.run(`CREATE OR REPLACE TEMP VIEW input AS SELECT * FROM ${readParquet(files)}${range}`);
  await session.define("map_rows", sql);
  const rows = `SELECT ${final ? "*" : await lossless(session)} FROM map_rows`;
  return { rows: await copy(session, { sql: rows, output, format, temporary: !final }) };
}

/** Parquet has no integers of 128 bits, and DuckDB would write them as doubles. */
async function lossless(session: Session): Promise<string> {
  const columns = await session.columnsOf("map_rows");
  const wide = columns.filter(({ type }) => type === "HUGEINT" || type === "UHUGEINT");
  if (wide.length === 0) return "*";
  const names = wide.map(({ name }) => `"${name.replaceAll('"', '""')}"`);
  return `* REPLACE (${names.map((name) => `${name}::DECIMAL(38, 0) AS ${name}`).join(", ")})`;
}

/** The share of a part that is done, from the share of the first file's rows that DuckDB has read. */
export function mapProgress({ files, fileRows, skipped, count }: RequestOf<"map">, read: number): number {
  if (files.length > 1 || count === 0) return read;
  return Math.max(0, Math.min(1, (read * fileRows - skipped) / count));
}

/** Which parts of another run can be read: a machine that lost its power may have left one with a hole. */
export async function verifyTask(session: Session, { parts, format }: RequestOf<"verify">): Promise<Reply<"verify">> {
  if (format !== "parquet") return { whole: parts };
  const whole: string[] = [];
  for (const part of parts) {
    const readable = await session.rows(`SELECT count(*) FROM ${readParquet([part])}`).then(
      (rows) => z.array(z.unknown()).length(1).safeParse(rows).success,
      () => false,
    );
    if (readable) whole.push(part);
  }
  return { whole };
}
