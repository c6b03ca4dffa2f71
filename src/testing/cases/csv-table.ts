import { CsvError, parse } from "csv-parse/sync";
import * as z from "zod";
import { UdfError } from "../../core/error.ts";

/** A text, or null: a cell that is empty and without quotes. */
export type Cell = string | null;

/** Where a record lies in the file's bytes, without the end of its line. Lines from 1. */
export type CsvRecord = { cells: Cell[]; start: number; end: number; line: number; lastLine: number };

const parsedSchema = z.array(
  z.object({
    record: z.array(z.string().nullable()),
    info: z.object({ bytes: z.number().int(), lines: z.number().int() }),
  }),
);

const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * The records of a CSV file as RFC 4180 has them: cells between commas, in quotes where they hold commas, quotes (twice) or
 * ends of lines. Empty lines are skipped. Throws TEST_INVALID with the line.
 */
export function csvRecords(text: string, file: string): CsvRecord[] {
  const bytes = Buffer.from(text);
  let from = 0;
  return parsed(bytes, file).map(({ record, info }) => {
    let [start, end] = [from, info.bytes];
    from = info.bytes;
    // what lies before it is the mark at the file's begin, and empty lines
    if (start === 0 && text.startsWith("\ufeff")) start += Buffer.byteLength("\ufeff");
    while (start < end && isEndOfLine(bytes[start])) start += 1;
    while (end > start && isEndOfLine(bytes[end - 1])) end -= 1;
    return { cells: record, start, end, line: linesBefore(bytes, start) + 1, lastLine: linesBefore(bytes, end) + 1 };
  });
}

function parsed(bytes: Buffer, file: string): z.infer<typeof parsedSchema> {
  try {
    return parsedSchema.parse(
      parse(bytes, {
        ...{
          bom: true,
          info: true,
          skip_empty_lines: true,
          relax_column_count: true,
          record_delimiter: ["\r\n", "\n"],
        },
        cast: (cell, { quoting }) => (cell === "" && !quoting ? null : cell),
      }),
    );
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new UdfError("TEST_INVALID", {
      what: problemOf(cause),
      where: `${file}:${z.number().safeParse(cause.lines).data ?? 1}`,
      next: "Correct the file.",
      cause,
    });
  }
}

function problemOf({ code, message }: CsvError): string {
  if (code === "CSV_QUOTE_NOT_CLOSED") return "a quote is not closed";
  if (code === "INVALID_OPENING_QUOTE" || code === "CSV_INVALID_CLOSING_QUOTE") {
    return 'a cell with a quote in it is written in quotes, and the quote twice: "a ""word"""';
  }
  return `it is not valid CSV (${message})`;
}

function isEndOfLine(byte: number | undefined): boolean {
  return byte === newline || byte === carriageReturn;
}

function linesBefore(bytes: Buffer, end: number): number {
  return bytes.subarray(0, end).filter((byte) => byte === newline).length;
}

/** A cell as it is written. */
export function cellText(cell: Cell): string {
  if (cell === null) return "";
  return cell === "" || /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
