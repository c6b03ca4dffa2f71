import { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { constants, createGunzip } from "node:zlib";
import { UdfError } from "../core/error.ts";

/** The rest of a line that is longer is dropped: no log line that tells something has a megabyte. */
const longestLine = 1_000_000;

/**
 * The lines of a file or stream, as many at a time as were read; holds no more of it. It may be compressed with gzip.
 * Throws FILE_UNUSABLE.
 */
export async function* logLines(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<string[]> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of uncompressed(chunks)) {
    const lines = `${rest}${typeof chunk === "string" ? chunk : decoder.write(chunk)}`.split("\n");
    rest = (lines.pop() ?? "").slice(0, longestLine);
    yield lines;
  }
  yield [`${rest}${decoder.end()}`];
}

const gzip = Buffer.from([0x1f, 0x8b]);
const zstd = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

async function* uncompressed(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer | string> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return;
  const all = async function* () {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => iterator };
  };
  const begin = typeof first.value === "string" ? Buffer.alloc(0) : first.value;
  if (begin.subarray(0, zstd.length).equals(zstd)) {
    throw new UdfError("FILE_UNUSABLE", {
      what: "the log is compressed with zstd",
      next: "Give it uncompressed: zstd -dc FILE | native-udf explain -",
    });
  }
  yield* begin.subarray(0, gzip.length).equals(gzip) ? gunzipped(all()) : all();
}

/** A log that is cut off is read as far as it goes. */
async function* gunzipped(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  const source = Readable.from(chunks);
  const plain = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  source.on("error", (error) => plain.destroy(error)).pipe(plain);
  try {
    for await (const chunk of plain) yield Buffer.from(chunk);
  } catch (cause) {
    throw new UdfError("FILE_UNUSABLE", {
      what: "the log is not what gzip makes, or is damaged",
      next: "Give it uncompressed.",
      cause,
    });
  }
}
