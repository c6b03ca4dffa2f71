import { renameSync, rmSync } from "node:fs";
import * as z from "zod";
import { TracedError } from "../traced-error.ts";
import { unfinished } from "../unfinished.ts";
import { type BadRow, failedAt, tooMany, writeBadRows } from "./bad-row.ts";
import { CallObserver, type RowFailure } from "./call-observer.ts";
import { write } from "./copy.ts";
import { FailingRows } from "./failing-rows.ts";
import { Guards } from "./guards.ts";
import type { Reply, RequestOf } from "./messages.ts";
import { PartRows, type RowSelection } from "./part-rows.ts";
import type { Session } from "./session.ts";
import { identifier, readParquet } from "./sql-text.ts";

type MapRequest = RequestOf<"map">;

/** What is told while a part is computed: if it ends the worker, that is all that is known. */
export type MapProgress = {
  /** These rows are computed next. */
  onSelection: (selection: RowSelection) => void;
  /** These rows were found to fail. */
  onBadRows: (rows: readonly BadRow[]) => void;
};

/**
 * Computes `map` over a part of the input. Throws what `write` throws, where a row failed with that row; where rows are
 * set aside, TOO_MANY_BAD_ROWS in place of it.
 */
export async function mapTask(
  session: Session,
  request: MapRequest,
  { onSelection, onBadRows }: MapProgress,
): Promise<Reply<"map">> {
  const { quarantine, showValues, output, sql } = request;
  const rows = new PartRows(request);
  const bad = new Map(request.known.map((row) => [row.row, row]));
  const guards = new Guards(session, request.guarded);
  for (;;) {
    const without = [...bad.keys()].sort((left, right) => left - right);
    const observer = new CallObserver({
      values: showValues,
      goesOn: quarantine !== null,
      onGiven: (name, chunk) => guards.apply(name, chunk, { without }),
    });
    session.beginQuery();
    onSelection({ without });
    const pass = await session.following(observer, () => computeRows(session, request, rows.table({ without })));
    const failures = observer.failures.length > 0 ? observer.failures : pass.failures;
    const [failure] = failures;
    if (!failure) {
      const found = [...bad.values()];
      if (quarantine) writeBadRows(quarantine.file, found);
      renameSync(unfinished(output), output);
      return { rows: pass.rows, bad: found };
    }
    rmSync(unfinished(output), { force: true });
    const failing = new FailingRows({ session, sql, rows, without, showValues, guards, onSelection });
    if (!quarantine) throw failedAt((await failing.one(failure)) ?? failure);
    const found = await failing.all(failures, observer);
    if (found.length === 0) throw failedAt(failure); // it does not fail again
    onBadRows(found);
    for (const row of found) bad.set(row.row, row);
    if (bad.size > quarantine.left) throw tooMany(quarantine.limit, found.at(-1) ?? failure);
    guards.narrowTo(failures, { without });
  }
}

/** Writes the part beside its place. Gives the failure that has ended it, unless an observer has it already. */
async function computeRows(
  session: Session,
  request: MapRequest,
  table: string,
): Promise<{ rows: number; failures: readonly RowFailure[] }> {
  const { sql, output, format, final } = request;
  await session.run(`CREATE OR REPLACE TEMP VIEW input AS SELECT * FROM ${table}`);
  await session.define("map_rows", sql);
  const select = `SELECT ${final ? "*" : await lossless(session)} FROM map_rows`;
  try {
    const rows = await write(session, { sql: select, output, format, temporary: !final });
    return { rows, failures: [] };
  } catch (error) {
    if (!(error instanceof TracedError)) throw error;
    return { rows: 0, failures: session.failures };
  }
}

/** Parquet has no integers of 128 bits, and DuckDB would write them as doubles. */
async function lossless(session: Session): Promise<string> {
  const columns = await session.columnsOf("map_rows");
  const wide = columns.filter(({ type }) => type === "HUGEINT" || type === "UHUGEINT");
  if (wide.length === 0) return "*";
  const names = wide.map(({ name }) => identifier(name));
  return `* REPLACE (${names.map((name) => `${name}::DECIMAL(38, 0) AS ${name}`).join(", ")})`;
}

/** Tries some rows of a part, and keeps nothing of them; says whether one fails. */
export async function probeTask(session: Session, request: RequestOf<"probe">): Promise<Reply<"probe">> {
  const { sql, begin, end, without } = request;
  const rows = new PartRows(request);
  const guards = new Guards(session, []);
  const onSelection = () => undefined;
  const failing = new FailingRows({ session, sql, rows, without, showValues: false, guards, onSelection });
  return { failed: (await failing.probe(begin, end)) !== undefined };
}

/** The share of a part that is done, from the share of the first file's rows that DuckDB has read. */
export function mapProgress({ files, fileRows, skipped, count }: MapRequest, read: number): number {
  const [ofFile = 0] = fileRows;
  if (files.length > 1 || count === 0) return read;
  return Math.max(0, Math.min(1, (read * ofFile - skipped) / count));
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
