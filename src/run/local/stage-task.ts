import { rmSync } from "node:fs";
import * as z from "zod";
import { UdfError } from "../../core/error.ts";
import { copy } from "./copy.ts";
import { csvOptions } from "./csv-dialect.ts";
import { unreadable } from "./input-files.ts";
import type { Reply, RequestOf } from "./messages.ts";
import type { Session } from "./session.ts";
import { literal, struct } from "./sql-text.ts";

type StageRequest = RequestOf<"stage">;

/** Copies a CSV or NDJSON file to Parquet, so that it can be cut into row ranges. A bad line is an error with its number. */
export async function stageTask(session: Session, request: StageRequest): Promise<Reply<"stage">> {
  const { file, shown, format, output, threads, limit } = request;
  const sql = `SELECT * FROM ${source(request)}${limit === null ? "" : ` LIMIT ${limit}`}`;
  const failed = (what: string, cause: unknown) => new Unreadable(what, { cause });
  // no code of the author's runs here
  await session.run(`SET threads = ${threads}`);
  try {
    const rows = await copy(session, { sql, output, format: "parquet", temporary: true, failed });
    if (format === "csv") await refuseBadLine(session, request);
    return { rows, groups: await groupsOf(session, output) };
  } catch (cause) {
    if (!(cause instanceof Unreadable)) throw cause;
    throw await unreadable({ file, shown, format, cause: cause.cause });
  } finally {
    await session.run("SET threads = 1");
  }
}

class Unreadable extends Error {}

/** With the types that the plan has found, so that all files have the same. */
function source({ file, format, columns }: StageRequest): string {
  const types = struct(columns.map(({ name, type }) => [name, type]));
  if (format === "ndjson") return `read_json(${literal(file)}, format = 'newline_delimited', columns = ${types})`;
  return `read_csv(${literal(file)}, ${csvOptions(file)}, types = ${types})`;
}

async function groupsOf(session: Session, file: string): Promise<number[]> {
  const rows = await session.rows(
    `SELECT row_group_num_rows AS rows FROM parquet_metadata(${literal(file)}) WHERE column_id = 0 ORDER BY row_group_id`,
  );
  return z
    .array(z.object({ rows: z.coerce.number() }))
    .parse(rows)
    .map((row) => row.rows);
}

async function refuseBadLine(session: Session, { file, shown, output }: StageRequest): Promise<void> {
  const [bad] = await session.rows(
    `SELECT line, error_message FROM reject_errors JOIN reject_scans USING (scan_id, file_id)
     WHERE file_path = ${literal(file)} ORDER BY line LIMIT 1`,
  );
  if (!bad) return;
  rmSync(output, { force: true });
  const { line, error_message: message } = z.object({ line: z.coerce.number(), error_message: z.string() }).parse(bad);
  throw new UdfError("INPUT_INVALID", {
    what: `the line does not fit the others (${message.split("\n")[0]})`,
    where: `${shown}:${line}`,
    next: "Correct the line.",
  });
}
