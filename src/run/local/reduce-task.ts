import * as z from "zod";
import type { DataFormat } from "../../core/job.ts";
import { errorAt, TracedError } from "../traced-error.ts";
import { CallObserver } from "./call-observer.ts";
import { copy } from "./copy.ts";
import type { Column, Reply, RequestOf } from "./messages.ts";
import { afterReduce, placeInReduce } from "./reduce-place.ts";
import type { Session } from "./session.ts";
import { list, readParquet, struct } from "./sql-text.ts";

/** Computes `reduce` over the parts, or puts them together in order. Throws ROW_ERROR with the group that a function failed at. */
export async function reduceTask(session: Session, request: RequestOf<"reduce">): Promise<Reply<"reduce">> {
  const { parts, sql, output, format, threads, aggregates, showValues } = request;
  await session.run(`SET threads = ${threads}`);
  await session.run(`CREATE OR REPLACE TEMP VIEW mapped AS SELECT * FROM ${readParquet(parts)}`);
  if (sql !== null) await session.define("reduce_rows", sql);
  const rows = sql === null ? "mapped" : "reduce_rows";
  const observer = new CallObserver({ values: showValues, goesOn: false });
  session.beginQuery();
  try {
    const write = () => copy(session, { sql: `SELECT * FROM ${rows}`, output, format, temporary: false });
    return { rows: await session.following(observer, write) };
  } catch (error) {
    const [failure] = observer.failures;
    if (!failure || !(error instanceof TracedError)) throw error;
    const where = placeInReduce(failure.function, failure.place, new Set(aggregates));
    throw errorAt(error.trace, error.code, { what: error.what, where, next: afterReduce, cause: error });
  }
}

/** The first rows of what a run wrote, as text, and how many there are. */
export async function previewTask(session: Session, request: RequestOf<"preview">): Promise<Reply<"preview">> {
  const source = outputSource(request);
  const [counted] = await session.rows(`SELECT count(*) AS rows FROM ${source}`);
  const first = await session.connection.runAndReadAll(
    `SELECT COLUMNS(*)::VARCHAR FROM (SELECT * FROM ${source} LIMIT ${request.limit})`,
  );
  return {
    // a file's types are not always the query's: Parquet has none of 128 bits
    columns: request.format === "parquet" ? await session.columnsOf(source) : request.columns,
    rows: z.object({ rows: z.coerce.number() }).parse(counted).rows,
    preview: z.array(z.array(z.string().nullable())).parse(first.getRowsJson()),
  };
}

function outputSource({ files, format, columns }: { files: string[]; format: DataFormat; columns: Column[] }): string {
  switch (format) {
    case "parquet":
      return readParquet(files);
    case "csv": {
      const types = struct(columns.map(({ name }) => [name, "VARCHAR"]));
      return `read_csv(${list(files)}, auto_detect = false, delim = ',', quote = '"', escape = '"', header = true, columns = ${types})`;
    }
    case "ndjson": {
      const types = struct(columns.map(({ name, type }) => [name, type]));
      return `read_json(${list(files)}, format = 'newline_delimited', columns = ${types})`;
    }
  }
}
