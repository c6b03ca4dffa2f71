import { StringDecoder } from "node:string_decoder";

/** The rest of a line that is longer is dropped: no log line that tells something has a megabyte. */
const longestLine = 1_000_000;

/** The lines of a file or stream, as many at a time as were read; holds no more of it. */
export async function* logLines(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<string[]> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of chunks) {
    const lines = `${rest}${typeof chunk === "string" ? chunk : decoder.write(chunk)}`.split("\n");
    rest = (lines.pop() ?? "").slice(0, longestLine);
    yield lines;
  }
  yield [`${rest}${decoder.end()}`];
}
