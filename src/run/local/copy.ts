import { renameSync, rmSync, statfsSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { messageOf, UdfError } from "../../core/error.ts";
import type { DataFormat } from "../../core/job.ts";
import { diskFull } from "../disk-full.ts";
import { unfinished } from "../unfinished.ts";
import { failedAt } from "./bad-row.ts";
import type { Session } from "./session.ts";
import { firstLine, parseSqlError } from "./sql-error.ts";
import { literal, writer } from "./sql-text.ts";

export type Copy = {
  /** A SELECT. */
  sql: string;
  output: string;
  format: DataFormat;
  /** Cheap to write, for a file that this run reads again. */
  temporary: boolean;
  /** What else went wrong, with the first line of DuckDB's message. */
  failed?: (what: string, cause: unknown) => Error;
};

/**
 * Writes a query's rows to a name beside the output, then renames it: a file with the output's name is whole. Gives the
 * number of rows. Throws ROW_ERROR, DISK_FULL, and what `failed` gives (RUN_FAILED).
 */
export async function copy(session: Session, options: Copy): Promise<number> {
  const rows = await write(session, options);
  renameSync(unfinished(options.output), options.output);
  return rows;
}

/** The same without the rename: the file is there as `unfinished(output)`. */
export async function write(session: Session, { sql, output, format, temporary, failed }: Copy): Promise<number> {
  const target = unfinished(output);
  try {
    const [counted] = await session.rows(`COPY (${sql}) TO ${literal(target)} ${writer(format, { temporary })}`);
    return z.object({ Count: z.coerce.number() }).parse(counted).Count;
  } catch (cause) {
    const reason = rowError(session, cause) ?? diskError(cause, output) ?? (failed ?? runFailed)(said(cause), cause);
    rmSync(target, { force: true });
    throw reason;
  }
}

function said(cause: unknown): string {
  const error = parseSqlError(cause);
  return error ? firstLine(error) : messageOf(cause);
}

function rowError(session: Session, cause: unknown): UdfError | undefined {
  const [failure] = session.failures;
  return failure && failedAt(failure, cause);
}

/** errno of a full disk and of a full quota. Source: errno(3), ENOSPC and EDQUOT on Linux. */
const fullDiskNumbers = new Set([28, 122]);
/** A disk with less room than this cannot take what DuckDB wanted to put aside. */
const littleRoom = 64 * 1024 * 1024;

function diskError(cause: unknown, output: string): UdfError | undefined {
  const error = parseSqlError(cause);
  const noRoom = error?.errno !== undefined && fullDiskNumbers.has(error.errno);
  // DuckDB counts the room for what it puts aside, and calls a lack of it a lack of memory
  const noRoomAside = error?.exception_type === "Out of Memory" && freeBytes(path.dirname(output)) < littleRoom;
  if (!noRoom && !noRoomAside) return undefined;
  return diskFull(output, cause);
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function runFailed(what: string, cause: unknown): UdfError {
  const outOfMemory = parseSqlError(cause)?.exception_type === "Out of Memory";
  const next = outOfMemory ? "Give fewer --workers, so that each has more memory." : "Correct the job or its input.";
  return new UdfError("RUN_FAILED", { what, next, cause });
}
