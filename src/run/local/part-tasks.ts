import { renameSync, rmSync, statSync } from "node:fs";
import { z } from "zod";
import { messageOf, UdfError } from "../../core/error.ts";
import type { Reply, Request } from "./messages.ts";
import type { Session } from "./session.ts";
import { firstLine, parseSqlError } from "./sql-error.ts";
import { literal, reader, writer } from "./sql-text.ts";

type RequestOf<Kind extends Request["kind"]> = Extract<Request, { kind: Kind }>;

/** errno of a full disk and of a full quota. Source: errno(3), ENOSPC and EDQUOT on Linux. */
const fullDisk = new Set([28, 122]);

/** Copies a CSV or NDJSON file to Parquet, so that it can be cut into row ranges. A bad line is an error with its number. */
export async function stageTask(session: Session, request: RequestOf<"stage">): Promise<Reply<"stage">> {
  const { file, shown, format, output } = request;
  await copy(session, {
    sql: `SELECT * FROM ${reader(format, [file])}`,
    output,
    format: "parquet",
    temporary: true,
    failed: (what, cause) =>
      new UdfError("INPUT_INVALID", {
        what: what.replaceAll(file, shown),
        where: shown,
        next: "Correct the file.",
        cause,
      }),
  });
  if (format === "csv") await refuseBadLine(session, request);
  const [row] = await session.rows(`SELECT num_rows FROM parquet_file_metadata(${literal(output)})`);
  return { rows: z.object({ num_rows: z.coerce.number() }).parse(row).num_rows };
}

async function refuseBadLine(session: Session, { shown, output }: RequestOf<"stage">): Promise<void> {
  const [bad] = await session.rows("SELECT line, error_message FROM reject_errors ORDER BY line LIMIT 1");
  if (!bad) return;
  rmSync(output, { force: true });
  const { line, error_message: message } = z.object({ line: z.coerce.number(), error_message: z.string() }).parse(bad);
  throw new UdfError("INPUT_INVALID", {
    what: `the line does not fit the others (${message.split("\n")[0]})`,
    where: `${shown}:${line}`,
    next: "Correct the line.",
  });
}

/** Computes `map` over a range of rows. */
export async function mapTask(session: Session, request: RequestOf<"map">): Promise<Reply<"map">> {
  const { file, first, count, sql, output, format } = request;
  const rows = `SELECT * EXCLUDE (file_row_number) FROM ${reader("parquet", [file], ", file_row_number = true")}`;
  await session.run(
    `CREATE OR REPLACE TEMP VIEW input AS ${rows} WHERE file_row_number >= ${first} AND file_row_number < ${first + count}`,
  );
  const bytes = await copy(session, { sql, output, format, temporary: true, failed: runFailed });
  return { bytes };
}

/** Computes `reduce` over the parts, or puts them together in order. */
export async function reduceTask(session: Session, request: RequestOf<"reduce">): Promise<Reply<"reduce">> {
  const { parts, sql, output, format, threads } = request;
  await session.run(`SET threads = ${threads}`);
  await session.run(`CREATE OR REPLACE TEMP VIEW mapped AS SELECT * FROM ${reader("parquet", parts)}`);
  const bytes = await copy(session, { sql, output, format, temporary: false, failed: runFailed });
  return { bytes };
}

/** Schema, number of rows and the first rows of what a run wrote. */
export async function previewTask(session: Session, request: RequestOf<"preview">): Promise<Reply<"preview">> {
  const source = reader(request.format, request.files);
  const columns = z
    .array(z.object({ column_name: z.string(), column_type: z.string() }))
    .parse(await session.rows(`DESCRIBE SELECT * FROM ${source}`))
    .map(({ column_name: name, column_type: type }) => ({ name, type }));
  const [counted] = await session.rows(`SELECT count(*) AS rows FROM ${source}`);
  const first = await session.connection.runAndReadAll(
    `SELECT COLUMNS(*)::VARCHAR FROM (SELECT * FROM ${source} LIMIT ${request.rows})`,
  );
  return {
    rows: z.object({ rows: z.coerce.number() }).parse(counted).rows,
    columns,
    preview: z.array(z.array(z.string().nullable())).parse(first.getRowsJson()),
  };
}

type Copy = {
  sql: string;
  output: string;
  format: RequestOf<"map">["format"];
  temporary: boolean;
  failed: (what: string, cause: unknown) => UdfError;
};

/** Writes to a name beside the output, then renames it: a file with the output's name is whole. Gives its bytes. */
async function copy(session: Session, { sql, output, format, temporary, failed }: Copy): Promise<number> {
  const unfinished = `${output}.unfinished`;
  try {
    await session.run(`COPY (${sql}) TO ${literal(unfinished)} ${writer(format, { temporary })}`);
    renameSync(unfinished, output);
    return statSync(output).size;
  } catch (cause) {
    rmSync(unfinished, { force: true });
    throw reason(session, { cause, output, failed });
  }
}

function reason(
  session: Session,
  { cause, output, failed }: { cause: unknown; output: string; failed: Copy["failed"] },
): UdfError {
  const rowError = session.rowError();
  if (rowError) {
    // the door's message begins with the function's name
    const said = rowError.message.startsWith(`${rowError.function}()`)
      ? rowError.message
      : `${rowError.function}(): ${rowError.message}`;
    return new UdfError("ROW_ERROR", { what: said, cause });
  }
  const error = parseSqlError(cause);
  if (error?.errno !== undefined && fullDisk.has(error.errno)) {
    return new UdfError("DISK_FULL", {
      what: "there is no space left on the disk",
      where: output,
      next: "Make room, then submit again: finished parts are kept.",
      cause,
    });
  }
  return failed(error ? firstLine(error) : messageOf(cause), cause);
}

function runFailed(what: string, cause: unknown): UdfError {
  return new UdfError("RUN_FAILED", { what, next: "Correct the job or its input.", cause });
}
