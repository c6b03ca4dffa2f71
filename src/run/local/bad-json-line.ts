import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { messageOf } from "../../core/error.ts";

/** The first line that is not JSON, counted from 1. DuckDB counts one more where an object goes over a line's end. */
export async function badJsonLine(file: string): Promise<{ line: number; what: string } | undefined> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text.trim() === "") continue;
    try {
      JSON.parse(text);
    } catch (error) {
      return { line, what: `the line is not JSON (${messageOf(error)})` };
    }
  }
  return undefined;
}
