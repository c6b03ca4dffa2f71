import path from "node:path";
import { UdfError } from "../../core/error.ts";
import { suggestion } from "../../core/nearest.ts";
import { type Case, type CaseUpdate, Titles } from "./case.ts";
import { cellOfJson } from "./csv-cells.ts";
import { type Cell, type CsvRecord, cellText, csvRecords } from "./csv-table.ts";

/*
 * Cases as CSV: the file is named for the function (`share.cases.csv`, `share.large.cases.csv`), the first line has the
 * names of its arguments and `expected`, and then what else a case may say. So an argument may have any name.
 */

const expectedColumn = "expected";
const furtherColumns = ["error", "tolerance", "name"];

/** Where each column is; -1 for one that is not there. */
type Columns = { arguments: string[]; expected: number; error: number; tolerance: number; name: number; count: number };

/** The cases of a file. Throws TEST_INVALID with the line. */
export function csvCasesIn(text: string, file: string): Case[] {
  const [header, ...records] = csvRecords(text, file);
  const columns = columnsOf(header, file);
  const [name = ""] = path.basename(file).split(".");
  const titles = new Titles();
  return records.map((record, index) => {
    const { cells, line, lastLine } = record;
    if (cells.length !== columns.count) {
      const counts = `${cells.length} cell${cells.length === 1 ? "" : "s"}, and the first line has ${columns.count}`;
      throw invalid(`it has ${counts}`, file, line);
    }
    const at = (column: number): Cell => cells[column] ?? null;
    const given = columns.arguments.map((argument, column) => [argument, at(column)] as const);
    const error = at(columns.error) ?? undefined;
    // an error takes the place of a result, and a null there is no result
    const expected = columns.expected < 0 || (error !== undefined && at(columns.expected) === null);
    return {
      ...{ function: name, notation: "csv", arguments: Object.fromEntries(given), error, line, lastLine },
      title: titles.unique(name, at(columns.name) ?? titleOf(given.map(([, cell]) => cell))),
      expected: expected ? undefined : at(columns.expected),
      tolerance: toleranceOf(at(columns.tolerance), file, line),
      place: [index + 1],
    };
  });
}

function columnsOf(header: CsvRecord | undefined, file: string): Columns {
  if (!header)
    throw invalid(`it is empty: its first line has the names of the arguments and "${expectedColumn}"`, file, 1);
  const { cells, line } = header;
  const names = cells.map((cell, at) => {
    if (cell === null || cell.trim() === "") throw invalid(`column ${at + 1} has no name`, file, line);
    return cell.trim();
  });
  const other = names.find((name) => /[;\t]/.test(name));
  if (other !== undefined)
    throw invalid(`its cells stand between commas, and a column cannot be "${other}"`, file, line);
  const expected = names.lastIndexOf(expectedColumn);
  const given = expected < 0 ? names : names.slice(0, expected);
  const further = expected < 0 ? [] : names.slice(expected + 1);
  for (const group of [given, further]) {
    const twice = group.find((name, at) => group.indexOf(name) !== at);
    if (twice !== undefined) throw invalid(`there are two columns "${twice}"`, file, line);
  }
  const unknown = further.find((name) => !furtherColumns.includes(name));
  if (unknown !== undefined) {
    const what = `a column after "${expectedColumn}" cannot be "${unknown}". ${suggestion(unknown, furtherColumns)} Arguments stand before it`;
    throw invalid(what, file, line);
  }
  const place = (name: string) => (further.includes(name) ? expected + 1 + further.indexOf(name) : -1);
  const places = { error: place("error"), tolerance: place("tolerance"), name: place("name") };
  return { arguments: given, expected, ...places, count: names.length };
}

function invalid(what: string, file: string, line: number): UdfError {
  return new UdfError("TEST_INVALID", { what, where: `${file}:${line}`, next: "Correct the file." });
}

function titleOf(cells: readonly Cell[]): string {
  return `(${cells.map((cell) => (cell === null ? "null" : cell === "" ? '""' : cell)).join(", ")})`;
}

function toleranceOf(cell: Cell, file: string, line: number): number | undefined {
  if (cell === null) return undefined;
  const tolerance = Number(cell);
  if (cell.trim() !== "" && tolerance >= 0) return tolerance;
  throw invalid(`tolerance must be a number from 0 on, not ${cell}`, file, line);
}

/** The file's text with the updates; a column that is missing for them is added, and other records stay as they are. */
export function updatedCsv(text: string, updates: readonly CaseUpdate[]): string {
  const records = csvRecords(text, "");
  const columns = columnsOf(records[0], "");
  const added = [
    ...(columns.expected < 0 ? [expectedColumn] : []),
    ...(columns.error < 0 && updates.some(({ error }) => error !== undefined) ? ["error"] : []),
  ];
  const names = [...(records[0]?.cells ?? []).map((name) => name?.trim()), ...added];
  const [expectedAt, errorAt] = [names.lastIndexOf(expectedColumn), names.lastIndexOf("error")];
  const bytes = Buffer.from(text);
  let written = "";
  let from = 0;
  for (const [index, { cells, start, end }] of records.entries()) {
    const update = updates.find(({ each }) => each.place[0] === index);
    const missing = index === 0 ? added : added.map(() => null);
    written += bytes.toString("utf8", from, start);
    if (update) {
      const whole: Cell[] = [...cells, ...missing];
      whole[expectedAt] = update.expected === undefined ? null : cellOfJson(update.expected);
      if (errorAt > expectedAt) whole[errorAt] = update.error ?? null;
      written += whole.map(cellText).join(",");
    } else {
      written += [bytes.toString("utf8", start, end), ...missing.map(cellText)].join(",");
    }
    from = end;
  }
  return written + bytes.toString("utf8", from);
}
