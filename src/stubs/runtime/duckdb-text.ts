import type * as DuckDB from "@duckdb/node-api";
import type * as Bindings from "@duckdb/node-bindings";

/*
 * DuckDB keeps a text in an entry of 16 bytes: its length in 4, then either up to 12 bytes of text and zeros, or its
 * first 4 bytes and a pointer to all of it. The Node binding reads entries that way itself, but promises nothing.
 */

const entryBytes = 16;
const inlineBytes = 12;

/** Whether texts are kept as described above: tried on a vector of our own before anything relies on it. */
export function textIsAsExpected(duckdb: typeof DuckDB, bindings: typeof Bindings): boolean {
  if (new Uint8Array(Uint32Array.of(1).buffer)[0] !== 1) return false;
  const chunk = bindings.create_data_chunk([duckdb.VARCHAR.toLogicalType().logical_type]);
  const vector = bindings.data_chunk_get_vector(chunk, 0);
  const samples = ["", "é", "twelve bytes", "thirteen byte", "a text that is longer than an entry"];
  const texts = samples.map((sample) => new TextEncoder().encode(sample));
  for (const [row, text] of texts.entries()) bindings.vector_assign_string_element_len(vector, row, text);
  const entries = bindings.vector_get_data(vector, entryBytes * texts.length);
  const { buffer, byteOffset } = entries;
  if (!(buffer instanceof ArrayBuffer)) return false;
  const words = new DataView(buffer, byteOffset);
  return texts.every((text, row) => {
    const start = entryBytes * row;
    const inline = text.length <= inlineBytes;
    const shown = entries.subarray(start + 4, start + 4 + (inline ? text.length : 4));
    if (words.getUint32(start, true) !== text.length || !sameBytes(shown, text.subarray(0, shown.length))) return false;
    if (inline) return entries.subarray(start + 4 + text.length, start + entryBytes).every((byte) => byte === 0);
    return sameBytes(bindings.get_data_from_pointer(buffer, byteOffset + start + 8, text.length), text);
  });
}

export type Utf8Texts = { offsets: Int32Array; data: Uint8Array; validity: Uint8Array | null };

/** Writes columns of text into vectors, all rows at once. */
export class TextWriter {
  readonly #bindings: typeof Bindings;
  #bytes = new Uint8Array(0);
  #words = new Uint32Array(0);

  constructor(bindings: typeof Bindings) {
    this.#bindings = bindings;
  }

  /** The texts must be valid UTF-8, unless the vector's type is BLOB. */
  write(vector: Bindings.Vector, { offsets, data, validity }: Utf8Texts, rows: number): void {
    if (this.#bytes.length < entryBytes * rows) {
      this.#bytes = new Uint8Array(entryBytes * rows);
      this.#words = new Uint32Array(this.#bytes.buffer);
    }
    const bytes = this.#bytes;
    const words = this.#words;
    const [low, high] = this.#addressOf(vector, data);
    let start = offsets[0] ?? 0;
    for (let row = 0; row < rows; row++) {
      const end = offsets[row + 1] ?? start;
      const length = end - start;
      const word = row * 4;
      const valid = validity === null || (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
      words[word] = valid ? length : 0;
      words[word + 1] = 0;
      words[word + 2] = 0;
      words[word + 3] = 0;
      const shown = !valid ? 0 : length <= inlineBytes ? length : 4;
      const entry = row * entryBytes + 4;
      for (let index = 0; index < shown; index++) bytes[entry + index] = data[start + index] ?? 0;
      if (valid && length > inlineBytes) {
        const address = low + start;
        words[word + 2] = address;
        words[word + 3] = address > 0xffffffff ? high + 1 : high;
      }
      start = end;
    }
    this.#bindings.copy_data_to_vector(vector, 0, bytes.buffer, 0, entryBytes * rows);
  }

  /** Hands all bytes to the vector, which keeps them as long as its entries; where they lie then, as two words. */
  #addressOf(vector: Bindings.Vector, data: Uint8Array): [low: number, high: number] {
    if (data.length <= inlineBytes) return [0, 0];
    this.#bindings.vector_assign_string_element_len(vector, 0, data);
    const entry = this.#bindings.vector_get_data(vector, entryBytes);
    const words = new DataView(entry.buffer, entry.byteOffset);
    return [words.getUint32(8, true), words.getUint32(12, true)];
  }
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
