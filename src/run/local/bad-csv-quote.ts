import { createReadStream } from "node:fs";

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * The first line of a CSV file, counted from 1, with a quote that is never closed, or with text behind a closed one.
 * DuckDB tells neither with its line where it is looking for the columns. Source: RFC 4180, section 2.
 */
export async function badCsvQuote(
  file: string,
  delimiter: string,
): Promise<{ line: number; what: string } | undefined> {
  const end = delimiter.charCodeAt(0);
  let line = 1;
  let opened = 0;
  let state: "begin" | "plain" | "quoted" | "closed" = "begin";
  for await (const chunk of createReadStream(file)) {
    for (const byte of Buffer.from(chunk)) {
      const ends = byte === end || byte === lineFeed || byte === carriageReturn;
      switch (state) {
        case "begin":
          if (byte === quote) {
            state = "quoted";
            opened = line;
          } else if (!ends) state = "plain";
          break;
        case "plain":
          if (ends) state = "begin";
          break;
        case "quoted":
          if (byte === quote) state = "closed";
          break;
        case "closed":
          if (byte === quote) state = "quoted";
          else if (ends) state = "begin";
          else return { line: opened, what: opened === line ? "text follows a closed quote" : unclosed };
          break;
      }
      if (byte === lineFeed) line += 1;
    }
  }
  return state === "quoted" ? { line: opened, what: unclosed } : undefined;
}

const unclosed = "a quote that this line opens is not closed";
