import { isUtf8 } from "node:buffer";
import type * as DuckDB from "@duckdb/node-api";
import type * as Bindings from "@duckdb/node-bindings";
import { allValid, bitAt } from "./column-types.ts";
import { outputFor } from "./columns.ts";
import { TextWriter } from "./duckdb-text.ts";
import { decimalWidth, duckdbWidth } from "./duckdb-types.ts";
import type { DoorColumn, DoorInput, FlatName, TypeShape, Values } from "./loader.ts";

/** What a registration needs of DuckDB. `directText`: texts go as bytes, not through JavaScript strings. */
export type Host = { duckdb: typeof DuckDB; bindings: typeof Bindings; rows: number; directText: boolean };

/** Reads DuckDB's vectors where they lie. */
export class VectorReader {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  read(vector: Bindings.Vector, type: TypeShape, rows: number): DoorInput {
    const { bindings, directText } = this.#host;
    const isText = type === "string" || type === "bytes";
    if (isText && !directText) return { values: this.#items(vector, rows), validity: null };
    const validity: Uint8Array | undefined = bindings.vector_get_validity(vector, 8 * Math.ceil(rows / 64));
    return { values: this.#values(vector, type, rows), validity: validity ?? null };
  }

  #values(vector: Bindings.Vector, type: TypeShape, rows: number): unknown {
    const { bindings } = this.#host;
    if (typeof type === "object" && "fields" in type) {
      const children = type.fields.map((field, index) =>
        this.read(bindings.struct_vector_get_child(vector, index), field.type, rows),
      );
      return { children };
    }
    const data = bindings.vector_get_data(vector, duckdbWidth(type) * rows);
    if (type === "string" || type === "bytes") return { duckdb: data };
    if (typeof type === "string") return viewOf(type, data, rows);
    if ("decimal" in type) return { duckdb: data };
    const elements = bindings.list_vector_get_size(vector);
    const child = this.read(bindings.list_vector_get_child(vector), type.list.type, elements);
    return { duckdb: data, elements, child };
  }

  /** Texts as strings, bytes as Uint8Arrays. */
  #items(vector: Bindings.Vector, rows: number): unknown[] {
    const { duckdb } = this.#host;
    const items = duckdb.DuckDBVector.create(vector, rows);
    return Array.from({ length: rows }, (_, row) => {
      const item = items.getItem(row);
      return item instanceof duckdb.DuckDBBlobValue ? item.bytes : item;
    });
  }
}

type Result = { type: TypeShape; column: DoorColumn; rows: number };

/** Writes what the artifact gave into DuckDB's vectors. */
export class VectorWriter {
  readonly #bindings: typeof Bindings;
  readonly #texts: TextWriter | undefined;

  constructor({ bindings, directText }: Host) {
    this.#bindings = bindings;
    this.#texts = directText ? new TextWriter(bindings) : undefined;
  }

  write(vector: Bindings.Vector, { type, column, rows }: Result): void {
    this.#writeValues(vector, { type, column, rows });
    if (column.validity && !allValid(column.validity, rows)) this.#writeMask(vector, column.validity);
  }

  writeNulls(vector: Bindings.Vector, type: TypeShape, rows: number): void {
    this.write(vector, { type, column: nullColumn(type, rows), rows });
  }

  #writeValues(vector: Bindings.Vector, { type, column, rows }: Result): void {
    const { values, offsets, data, child, children } = column;
    if (type === "string" || type === "bytes") {
      if (!offsets || !data) throw new Error("the artifact gave no text");
      if (type === "string") refuseInvalidText({ offsets, data }, rows);
      this.#writeTexts(vector, { offsets, data, validity: column.validity }, rows);
    } else if (typeof type === "string") {
      this.#copy(vector, values, duckdbWidth(type) * rows);
    } else if ("decimal" in type) {
      const width = decimalWidth(type.decimal.precision);
      this.#copy(vector, narrowed(values, width, rows), width * rows);
    } else if ("list" in type) {
      if (!offsets || !child) throw new Error("the artifact gave no lists");
      this.#writeLists(vector, { type: type.list.type, offsets, child, rows });
    } else {
      for (const [index, field] of type.fields.entries()) {
        const given = children?.[index];
        if (!given) throw new Error("the artifact gave too few columns");
        this.write(this.#bindings.struct_vector_get_child(vector, index), { type: field.type, column: given, rows });
      }
    }
  }

  #writeTexts(
    vector: Bindings.Vector,
    texts: { offsets: Int32Array; data: Uint8Array; validity: Uint8Array | null },
    rows: number,
  ): void {
    if (rows === 0) return;
    if (this.#texts) {
      this.#texts.write(vector, texts, rows);
      return;
    }
    const { offsets, data, validity } = texts;
    for (let row = 0; row < rows; row++) {
      if (validity && !bitAt(validity, row)) continue;
      this.#bindings.vector_assign_string_element_len(vector, row, data.subarray(offsets[row], offsets[row + 1]));
    }
  }

  /** DuckDB has the first element and the number of elements for each row, 64 bits each. */
  #writeLists(
    vector: Bindings.Vector,
    { type, offsets, child, rows }: { type: TypeShape; offsets: Int32Array; child: DoorColumn; rows: number },
  ): void {
    const entries = new BigUint64Array(2 * rows);
    for (let row = 0; row < rows; row++) {
      const first = offsets[row] ?? 0;
      entries[2 * row] = BigInt(first);
      entries[2 * row + 1] = BigInt((offsets[row + 1] ?? first) - first);
    }
    const elements = offsets[rows] ?? 0;
    this.#bindings.list_vector_reserve(vector, elements);
    this.#bindings.list_vector_set_size(vector, elements);
    this.#copy(vector, entries, 16 * rows);
    this.write(this.#bindings.list_vector_get_child(vector), { type, column: child, rows: elements });
  }

  #copy(vector: Bindings.Vector, values: Values | undefined, bytes: number): void {
    if (!values) throw new Error("the artifact gave no values");
    if (bytes > 0) this.#bindings.copy_data_to_vector(vector, 0, wholeBuffer(values), values.byteOffset, bytes);
  }

  /** DuckDB takes a vector without a mask as all valid, so it is called only where something is null. */
  #writeMask(vector: Bindings.Vector, mask: Uint8Array): void {
    this.#bindings.vector_ensure_validity_writable(vector);
    this.#bindings.copy_data_to_vector_validity(vector, 0, wholeBuffer(mask), mask.byteOffset, mask.byteLength);
  }
}

function nullColumn(type: TypeShape, rows: number): DoorColumn {
  const column = outputFor(type, rows);
  if (typeof type === "object" && "fields" in type) {
    return { ...column, children: type.fields.map((field) => nullColumn(field.type, rows)) };
  }
  const offsets = new Int32Array(rows + 1);
  if (type === "string" || type === "bytes") return { ...column, offsets, data: new Uint8Array(0) };
  if (typeof type === "object" && "list" in type) return { ...column, offsets, child: nullColumn(type.list.type, 0) };
  return column;
}

function wholeBuffer({ buffer }: Values): ArrayBuffer {
  if (buffer instanceof ArrayBuffer) return buffer;
  throw new Error("a column in shared memory");
}

/** DuckDB would make null of it without a word. */
function refuseInvalidText(texts: { offsets: Int32Array; data: Uint8Array }, rows: number): void {
  const { offsets, data } = texts;
  let cut = false; // a character that begins in one row and ends in the next is valid only as a whole
  for (let row = 1; row < rows; row++) cut ||= ((data[offsets[row] ?? 0] ?? 0) & 0xc0) === 0x80;
  if (!cut && isUtf8(data)) return;
  for (let row = 0; row < rows; row++) {
    if (isUtf8(data.subarray(offsets[row], offsets[row + 1]))) continue;
    throw Object.assign(new Error("the text that it gave is not valid UTF-8"), { code: "UDF_ROW_ERROR", row });
  }
}

/** Integers of 128 bits, two elements each, as narrower ones: their lower parts. */
function narrowed(values: Values | undefined, width: 2 | 4 | 8 | 16, rows: number): Values | undefined {
  if (!values || width === 16) return values;
  const buffer = wholeBuffer(values);
  if (width === 8) {
    const wide = new BigInt64Array(buffer, values.byteOffset, 2 * rows);
    return BigInt64Array.from({ length: rows }, (_, row) => wide[2 * row] ?? 0n);
  }
  const kind = width === 4 ? Int32Array : Int16Array;
  const parts = 16 / width;
  const [wide, narrow] = [new kind(buffer, values.byteOffset, parts * rows), new kind(rows)];
  for (let row = 0; row < rows; row++) narrow[row] = wide[parts * row] ?? 0;
  return narrow;
}

function viewOf(type: FlatName, { buffer, byteOffset }: Uint8Array, rows: number): Values {
  switch (type) {
    case "bool":
    case "uint8":
      return new Uint8Array(buffer, byteOffset, rows);
    case "int8":
      return new Int8Array(buffer, byteOffset, rows);
    case "int16":
      return new Int16Array(buffer, byteOffset, rows);
    case "uint16":
      return new Uint16Array(buffer, byteOffset, rows);
    case "int32":
    case "date":
      return new Int32Array(buffer, byteOffset, rows);
    case "uint32":
      return new Uint32Array(buffer, byteOffset, rows);
    case "int64":
    case "timestamp":
    case "local_timestamp":
      return new BigInt64Array(buffer, byteOffset, rows);
    case "uint64":
      return new BigUint64Array(buffer, byteOffset, rows);
    case "float":
      return new Float32Array(buffer, byteOffset, rows);
    case "double":
      return new Float64Array(buffer, byteOffset, rows);
  }
}
