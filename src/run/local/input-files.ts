import { existsSync, statSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { messageOf, UdfError } from "../../core/error.ts";
import { type DataFormat, isAddress } from "../../core/job.ts";
import { badCsvQuote } from "./bad-csv-quote.ts";
import { badJsonLine } from "./bad-json-line.ts";
import { csvOptions, delimiterIn } from "./csv-dialect.ts";
import type { Column, InputFile } from "./messages.ts";
import type { Session } from "./session.ts";
import { firstLine, parseSqlError } from "./sql-error.ts";
import { escapeGlob, list, literal, readParquet } from "./sql-text.ts";

export type Input = { root: string; input: string; format: DataFormat };
export type OpenedInput = {
  files: InputFile[];
  columns: Column[] /** FROM clause of the first file. */;
  source: string;
};

/** A column of this name would hide DuckDB's own, by which row ranges are read. */
const reserved = "file_row_number";

/** Finds the files of an input, and looks at their columns and rows. Throws INPUT_MISSING, INPUT_INVALID. */
export async function openInput(session: Session, input: Input): Promise<OpenedInput> {
  const found = await findFiles(session, input);
  const files = input.format === "parquet" ? await withRows(session, found) : found;
  const [first, ...others] = found;
  const columns = await columnsOfFile(session, first, input.format);
  await refuseOtherColumns(session, { first, others, columns, format: input.format });
  return { files, columns, source: sourceOf(input.format, first.path) };
}

/** Looks at the columns of the first file only. Throws INPUT_MISSING, INPUT_INVALID. */
export async function describeInput(session: Session, input: Input): Promise<{ file: string; columns: Column[] }> {
  const [first] = await findFiles(session, input);
  return { file: first.path, columns: await columnsOfFile(session, first, input.format) };
}

/** The table function that reads one file of a format with the types that DuckDB finds in its beginning. */
function sourceOf(format: DataFormat, file: string): string {
  switch (format) {
    case "parquet":
      return readParquet([file]);
    case "csv":
      return `read_csv(${literal(file)}, ${csvOptions(file)})`;
    case "ndjson":
      return `read_json(${literal(file)}, format = 'newline_delimited')`;
  }
}

async function findFiles(session: Session, { root, input }: Input): Promise<[InputFile, ...InputFile[]]> {
  const literally = path.resolve(root, input);
  const glob = path.isAbsolute(input) ? input : `${escapeGlob(root)}/${path.normalize(input)}`;
  const pattern = existsSync(literally) ? escapeGlob(literally) : glob;
  const found = await session.rows(`SELECT file FROM glob(${literal(pattern)}) ORDER BY file`);
  const [first, ...others] = z.array(z.object({ file: z.string() })).parse(found);
  if (!first) {
    const isElsewhere = isAddress(input);
    if (isFolder(literally)) {
      throw new UdfError("INPUT_MISSING", {
        ...{ what: "it is a folder", where: input, next: 'Name the files in it, as in "data/*.parquet".' },
      });
    }
    throw new UdfError("INPUT_MISSING", {
      what: isElsewhere ? "it is an address, and this runner reads files of this machine" : "there is no such file",
      where: input,
      next: isElsewhere
        ? "Submit the job to a Spark target, or copy the data to this machine."
        : "Correct input.path of the job, or put the file there.",
    });
  }
  const special = [first, ...others].find(({ file }) => !statSync(file).isFile());
  if (special) {
    throw new UdfError("INPUT_INVALID", {
      what: "it is no file that can be read more than once, but a pipe or a device",
      where: path.relative(root, special.file),
      next: "Copy what it gives to a file.",
    });
  }
  const described = ({ file }: { file: string }): InputFile => {
    const relative = path.relative(root, file);
    return { path: file, shown: relative.startsWith("..") ? file : relative, rows: 0, groups: [] };
  };
  return [described(first), ...others.map(described)];
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** From the files' footers; other formats are counted when they are staged. */
async function withRows(session: Session, files: InputFile[]): Promise<InputFile[]> {
  try {
    return await readFooters(session, files);
  } catch (cause) {
    const [only, ...others] = files;
    if (only && others.length === 0)
      throw await unreadable({ file: only.path, shown: only.shown, format: "parquet", cause });
    // DuckDB's error has the file's name in its text only
    for (const file of files) await withRows(session, [file]);
    throw cause;
  }
}

async function readFooters(session: Session, files: InputFile[]): Promise<InputFile[]> {
  const names = list(files.map(({ path: file }) => file));
  const totals = new Map(
    z
      .array(z.object({ file_name: z.string(), num_rows: z.coerce.number() }))
      .parse(await session.rows(`SELECT file_name, num_rows FROM parquet_file_metadata(${names})`))
      .map(({ file_name, num_rows }) => [file_name, num_rows]),
  );
  const groups = z
    .array(z.object({ file_name: z.string(), rows: z.coerce.number() }))
    .parse(
      await session.rows(
        `SELECT file_name, row_group_num_rows AS rows FROM parquet_metadata(${names}) WHERE column_id = 0 ORDER BY file_name, row_group_id`,
      ),
    );
  const byFile = new Map<string, number[]>(files.map(({ path: file }) => [file, []]));
  for (const { file_name, rows } of groups) byFile.get(file_name)?.push(rows);
  return files.map((file) => ({
    ...file,
    rows: totals.get(file.path) ?? 0,
    groups: byFile.get(file.path) ?? [],
  }));
}

async function columnsOfFile(
  session: Session,
  { path: file, shown }: InputFile,
  format: DataFormat,
): Promise<Column[]> {
  let columns: Column[];
  try {
    columns = await session.columnsOf(sourceOf(format, file));
  } catch (cause) {
    throw await unreadable({ file, shown, format, cause });
  }
  if (!columns.some(({ name }) => name.toLowerCase() === reserved)) return columns;
  throw new UdfError("INPUT_INVALID", {
    what: `a column has the reserved name ${reserved}`,
    where: shown,
    next: "Give the column another name.",
  });
}

type Others = { first: InputFile; others: readonly InputFile[]; columns: readonly Column[]; format: DataFormat };

async function refuseOtherColumns(session: Session, { first, others, columns, format }: Others): Promise<void> {
  if (format === "ndjson") return; // a field that a line lacks is null
  const wanted = shape(columns, format);
  for (const file of others) {
    const found = shape(await columnsOfFile(session, file, format), format);
    if (found === wanted) continue;
    throw new UdfError("INPUT_INVALID", {
      what: `its columns (${found}) are not those of ${first.shown} (${wanted})`,
      where: file.shown,
      next: "Give input.path a pattern that matches files of one kind.",
    });
  }
}

/** The types of CSV are guesses from a file's beginning: those of the first file hold for all. */
function shape(columns: readonly Column[], format: DataFormat): string {
  return columns.map(({ name, type }) => (format === "csv" ? name : `${name} ${type}`)).join(", ");
}

const formatNames: Record<DataFormat, string> = { parquet: "Parquet", csv: "CSV", ndjson: "NDJSON" };

/** The first line that is not of the format, where we can tell one; counted from 1. */
async function badLine(file: string, format: DataFormat): Promise<{ line: number; what: string } | undefined> {
  switch (format) {
    case "parquet":
      return undefined;
    case "csv":
      return badCsvQuote(file, delimiterIn(file));
    case "ndjson":
      return badJsonLine(file);
  }
}

/** INPUT_INVALID for a file that DuckDB cannot read, with the line where it can be found. */
export async function unreadable(options: {
  file: string;
  shown: string;
  format: DataFormat;
  cause: unknown;
}): Promise<UdfError> {
  const { file, shown, format, cause } = options;
  const bad = await badLine(file, format);
  if (bad) {
    const { line, what } = bad;
    return new UdfError("INPUT_INVALID", { what, where: `${shown}:${line}`, next: "Correct the line.", cause });
  }
  const error = parseSqlError(cause);
  const said = (error ? firstLine(error) : messageOf(cause)).replaceAll(file, shown).trim();
  return new UdfError("INPUT_INVALID", {
    what: `it cannot be read as ${formatNames[format]} (${said})`,
    where: shown,
    next: "Replace the file; it may be cut off or of another format.",
    cause,
  });
}
