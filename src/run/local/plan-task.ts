import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { messageOf, UdfError } from "../../core/error.ts";
import { nearest } from "../../core/nearest.ts";
import type { Reply, Request } from "./messages.ts";
import { calledFunctions, findNotRowWise } from "./row-wise.ts";
import type { Session } from "./session.ts";
import { firstLine, parseSqlError, type SqlError } from "./sql-error.ts";
import { literal, reader } from "./sql-text.ts";

type PlanRequest = Extract<Request, { kind: "plan" }>;
type Statement = { field: "map" | "reduce"; sql: string };

/** Finds the input files, and checks `map` and `reduce` against their columns and the module's functions. */
export async function planTask(session: Session, request: PlanRequest): Promise<Reply<"plan">> {
  const tree = await serialized(session, request, { field: "map", sql: request.map });
  await refuseNotRowWise(session, request, tree);
  const files = await inputFiles(session, request);
  const first = files[0]?.path ?? "";
  await session.run(`CREATE OR REPLACE TEMP VIEW input AS SELECT * FROM ${reader(request.format, [first])}`);
  await bind(session, request, { field: "map", sql: request.map });
  if (request.reduce === null) return { files, reduceCalls: [] };
  const reduceTree = await serialized(session, request, { field: "reduce", sql: request.reduce });
  await session.run(`CREATE OR REPLACE TEMP VIEW mapped AS ${request.map}`);
  await bind(session, request, { field: "reduce", sql: request.reduce });
  const called = calledFunctions(reduceTree);
  return {
    files,
    reduceCalls: request.functions.map(({ name }) => name).filter((name) => called.has(name.toLowerCase())),
  };
}

async function inputFiles(session: Session, { root, input, format }: PlanRequest): Promise<Reply<"plan">["files"]> {
  const found = await session.rows(`SELECT file FROM glob(${literal(path.resolve(root, input))}) ORDER BY file`);
  const paths = z
    .array(z.object({ file: z.string() }))
    .parse(found)
    .map(({ file }) => file);
  if (paths.length === 0) {
    throw new UdfError("INPUT_MISSING", {
      what: "there is no such file",
      where: input,
      next: "Correct input.path of the job, or put the file there.",
    });
  }
  const files: Reply<"plan">["files"] = [];
  for (const file of paths) {
    const relative = path.relative(root, file);
    const shown = relative.startsWith("..") ? file : relative;
    files.push({ path: file, shown, rows: await rowsOf(session, { file, shown, format }) });
  }
  return files;
}

/** From a Parquet file's footer; other formats are counted when they are staged. */
async function rowsOf(session: Session, options: { file: string; shown: string; format: string }): Promise<number> {
  const { file, shown, format } = options;
  if (format !== "parquet") return 0;
  try {
    const [row] = await session.rows(`SELECT num_rows FROM parquet_file_metadata(${literal(file)})`);
    return z.object({ num_rows: z.coerce.number() }).parse(row).num_rows;
  } catch (cause) {
    const error = parseSqlError(cause);
    throw new UdfError("INPUT_INVALID", {
      what: `it cannot be read as Parquet (${(error ? firstLine(error) : messageOf(cause)).replaceAll(file, shown)})`,
      where: shown,
      next: "Replace the file; it may be cut off or of another format.",
      cause,
    });
  }
}

async function refuseNotRowWise(session: Session, request: PlanRequest, tree: unknown): Promise<void> {
  const rows = await session.rows(
    "SELECT DISTINCT function_name AS name FROM duckdb_functions() WHERE function_type = 'aggregate'",
  );
  const names = z
    .array(z.object({ name: z.string() }))
    .parse(rows)
    .map(({ name }) => name.toLowerCase());
  const found = findNotRowWise(tree, new Set(names));
  if (!found) return;
  throw new UdfError("MAP_NOT_ROW_WISE", {
    what: found.what,
    where: placeIn(request, { field: "map", sql: request.map }, found.position),
    next: found.next,
  });
}

async function serialized(session: Session, request: PlanRequest, statement: Statement): Promise<unknown> {
  const tree = await session.serialize(statement.sql);
  const failed = z
    .object({ error: z.literal(true), error_message: z.string(), position: z.coerce.number().optional() })
    .safeParse(tree);
  if (!failed.success) return tree;
  throw new UdfError("SQL_INVALID", {
    what: `${statement.field}: ${failed.data.error_message}`,
    where: placeIn(request, statement, failed.data.position),
    next: "Correct the SQL.",
  });
}

/** Lets DuckDB resolve every name and type of a statement without running it. */
async function bind(session: Session, request: PlanRequest, statement: Statement): Promise<void> {
  try {
    await session.rows(`DESCRIBE ${statement.sql}`);
  } catch (cause) {
    const error = parseSqlError(cause);
    if (!error) throw cause;
    // DESCRIBE stands before the statement
    const position = error.position === undefined ? undefined : error.position - "DESCRIBE ".length;
    const columns = await columnsOf(session, statement.field === "map" ? "input" : "mapped");
    throw bindError({ error, request, statement, columns, where: placeIn(request, statement, position), cause });
  }
}

async function columnsOf(session: Session, view: string): Promise<string[]> {
  const rows = await session.rows(`DESCRIBE ${view}`);
  return z
    .array(z.object({ column_name: z.string() }))
    .parse(rows)
    .map(({ column_name: name }) => name);
}

type BindFailure = {
  error: SqlError;
  columns: string[];
  request: PlanRequest;
  statement: Statement;
  where: string;
  cause: unknown;
};

function bindError({ error, columns, request, statement, where, cause }: BindFailure): UdfError {
  const { field } = statement;
  const name = error.name ?? "";
  switch (error.error_subtype) {
    case "COLUMN_NOT_FOUND": {
      const meant = nearest(name, columns);
      const table = field === "map" ? "input" : "mapped rows";
      return new UdfError("COLUMN_UNKNOWN", {
        what: `${field}: the ${table} has no column "${name}"`,
        where,
        next: meant ? `Did you mean "${meant}"?` : `There is: ${columns.join(", ")}.`,
        cause,
      });
    }
    case "MISSING_ENTRY": {
      const ours = request.functions.map((description) => description.name);
      const meant = nearest(name, ours) ?? error.candidates?.split(",")[0];
      return new UdfError("FUNCTION_UNKNOWN", {
        what: `${field}: there is no function "${name}"`,
        where,
        next: meant ? `Did you mean "${meant}"?` : `The module has: ${ours.join(", ")}.`,
        cause,
      });
    }
    case "NO_MATCHING_FUNCTION": {
      const ours = request.functions.find((description) => description.name.toLowerCase() === name.toLowerCase());
      const takes = ours ? ours.signature : (error.candidates ?? "").replaceAll("\n", ", ");
      return new UdfError("ARGUMENT_TYPE", {
        what: `${field}: ${error.call ?? name} does not fit ${takes}`,
        where,
        next: "Give it those types, with a CAST where needed.",
        cause,
      });
    }
    default:
      return new UdfError("SQL_INVALID", {
        what: `${field}: ${firstLine(error)}`,
        where,
        next: "Correct the SQL.",
        cause,
      });
  }
}

/** `jobs/by-origin.job.ts:6:19` of a character of a statement; the line of its field where the text is put together. */
function placeIn({ root, jobFile }: PlanRequest, { field, sql }: Statement, position = 0): string {
  const source = readFileSync(path.resolve(root, jobFile), "utf8");
  const start = source.indexOf(sql);
  if (start >= 0) {
    const before = source.slice(0, start + Math.max(0, position)).split("\n");
    return `${jobFile}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  }
  const at = source.search(new RegExp(`\\b${field}\\s*[:(]`));
  return at < 0 ? jobFile : `${jobFile}:${source.slice(0, at).split("\n").length}`;
}
