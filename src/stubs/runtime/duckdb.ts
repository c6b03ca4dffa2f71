import { isUtf8 } from "node:buffer";
import { createRequire } from "node:module";
import process from "node:process";
import type * as DuckDB from "@duckdb/node-api";
import type * as Bindings from "@duckdb/node-bindings";
import { TextWriter, textIsAsExpected } from "./duckdb-text.ts";
import type { Door, DoorInput, DoorLeaf, DoorOutput, FunctionShape, ScalarName } from "./loader.ts";

/** What a function threw, and at which row of its chunk of at most 2,048 (from 0). */
export type RowError = {
  function: string;
  row: number | undefined;
  message: string;
  /** The calls that led to the throw, innermost first: addresses in the artifact, as `addr2line` takes them. */
  frames: readonly number[];
};

/** What a registration needs of DuckDB. `directText`: texts go as bytes, not through JavaScript strings. */
type Host = { duckdb: typeof DuckDB; bindings: typeof Bindings; rows: number; directText: boolean };

const bytesOf: Record<ScalarName, number> = { bool: 1, int32: 4, int64: 8, float: 4, double: 8, string: 16 };

/** Registers functions on connections, and remembers the last row error. */
export class DuckDBRegistration {
  #lastRowError: RowError | undefined;

  get lastRowError(): RowError | undefined {
    return this.#lastRowError;
  }

  register(options: {
    connection: DuckDB.DuckDBConnection;
    duckdb: typeof DuckDB;
    bindings: typeof Bindings | undefined;
    door: Door;
    functions: readonly FunctionShape[];
  }): void {
    const { connection, duckdb, door, functions } = options;
    const bindings = options.bindings ?? findBindings(duckdb);
    const directText = textIsAsExpected(duckdb, bindings);
    const host: Host = { duckdb, bindings, rows: bindings.vector_size(), directText };
    for (const [index, shape] of functions.entries()) {
      const registered = new duckdb.DuckDBScalarFunction();
      registered.setName(shape.name);
      for (const { type } of shape.arguments) registered.addParameter(duckdbType(duckdb, type));
      registered.setReturnType(resultType(duckdb, shape));
      registered.setSpecialHandling(); // the function sees nulls, and the artifact keeps the null rules
      registered.setVolatile();
      const call = new ChunkCall({ host, door, index, shape });
      // not setMainFunction(), which reads the result's memory before it is written
      bindings.scalar_function_set_function(registered.scalar_function, (_info, input, output) => {
        this.#lastRowError = undefined;
        try {
          call.run(input, output);
        } catch (error) {
          this.#lastRowError = rowErrorOf(error, shape.name);
          throw this.#lastRowError ? sqlError(this.#lastRowError, error) : error;
        }
      });
      addTo(connection, registered, shape);
    }
  }
}

/** One function over one chunk: DuckDB's vectors in, the kernel, DuckDB's vector out. Its buffers serve every chunk. */
class ChunkCall {
  readonly #host: Host;
  readonly #door: Door;
  readonly #index: number;
  readonly #shape: FunctionShape;
  readonly #leaves: readonly ResultLeaf[];
  readonly #output: DoorOutput & { validity: Uint8Array<ArrayBuffer> };

  constructor({ host, door, index, shape }: { host: Host; door: Door; index: number; shape: FunctionShape }) {
    this.#host = host;
    this.#door = door;
    this.#index = index;
    this.#shape = shape;
    const { result } = shape;
    const types = typeof result === "string" ? [result] : result.map(({ type }) => type);
    this.#leaves = types.map((type) => new ResultLeaf(host, type));
    this.#output = { validity: newMask(host.rows), leaves: this.#leaves.map(({ leaf }) => leaf) };
  }

  run(input: Bindings.DataChunk, output: Bindings.Vector): void {
    const { bindings } = this.#host;
    const rows = bindings.data_chunk_get_size(input);
    const inputs = this.#shape.arguments.map(({ type }, position) =>
      this.#read(bindings.data_chunk_get_vector(input, position), type, rows),
    );
    const nulls = this.#door.columns(this.#index, rows, inputs, this.#output);
    const isStruct = typeof this.#shape.result !== "string";
    for (const [position, leaf] of this.#leaves.entries()) {
      leaf.write(isStruct ? bindings.struct_vector_get_child(output, position) : output, rows);
    }
    if (isStruct && nulls > 0) writeMask(bindings, output, this.#output.validity);
  }

  #read(vector: Bindings.Vector, type: ScalarName, rows: number): DoorInput {
    const { duckdb, bindings, directText } = this.#host;
    if (type === "string" && !directText) {
      const texts = duckdb.DuckDBVector.create(vector, rows);
      return { values: Array.from({ length: rows }, (_, row) => texts.getItem(row)), validity: null };
    }
    const data = bindings.vector_get_data(vector, bytesOf[type] * rows);
    const validity: Uint8Array | undefined = bindings.vector_get_validity(vector, 8 * Math.ceil(rows / 64));
    const values = type === "string" ? { duckdb: data } : viewOf(type, data.buffer, data.byteOffset, rows);
    return { values, validity: validity ?? null };
  }
}

/** One column of a result: where the kernel writes it, and how it gets into DuckDB's vector. */
class ResultLeaf {
  readonly leaf: DoorLeaf & { validity: Uint8Array<ArrayBuffer> };
  readonly #bindings: typeof Bindings;
  readonly #type: ScalarName;
  readonly #buffer: ArrayBuffer;
  readonly #texts: TextWriter | undefined;

  constructor({ bindings, rows, directText }: Host, type: ScalarName) {
    this.#bindings = bindings;
    this.#type = type;
    this.#buffer = new ArrayBuffer(type === "string" ? 0 : bytesOf[type] * rows);
    this.#texts = type === "string" && directText ? new TextWriter(bindings, rows) : undefined;
    const validity = newMask(rows);
    this.leaf = type === "string" ? { validity } : { values: viewOf(type, this.#buffer, 0, rows), validity };
  }

  write(vector: Bindings.Vector, rows: number): void {
    if (this.#type === "string") this.#writeTexts(vector, rows);
    else this.#bindings.copy_data_to_vector(vector, 0, this.#buffer, 0, bytesOf[this.#type] * rows);
    if (!allValid(this.leaf.validity, rows)) writeMask(this.#bindings, vector, this.leaf.validity);
  }

  #writeTexts(vector: Bindings.Vector, rows: number): void {
    const { offsets, data, validity } = this.leaf;
    if (!offsets || !data) throw new Error("the artifact gave no text");
    const texts = { offsets, data, validity };
    refuseInvalidText(texts, rows);
    if (this.#texts) {
      this.#texts.write(vector, texts, rows);
      return;
    }
    for (let row = 0; row < rows; row++) {
      if (!isValid(validity, row)) continue;
      this.#bindings.vector_assign_string_element_len(vector, row, data.subarray(offsets[row], offsets[row + 1]));
    }
  }
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

/** DuckDB takes a vector without a mask as all valid, so it is called only where something is null. */
function writeMask(bindings: typeof Bindings, vector: Bindings.Vector, mask: Uint8Array<ArrayBuffer>): void {
  bindings.vector_ensure_validity_writable(vector);
  bindings.copy_data_to_vector_validity(vector, 0, mask.buffer, mask.byteOffset, mask.byteLength);
}

function newMask(rows: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(8 * Math.ceil(rows / 64));
}

function isValid(mask: Uint8Array, row: number): boolean {
  return (((mask[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
}

function allValid(mask: Uint8Array, rows: number): boolean {
  const whole = rows >> 3;
  for (let index = 0; index < whole; index++) if (mask[index] !== 0xff) return false;
  const rest = (1 << (rows & 7)) - 1;
  return ((mask[whole] ?? 0) & rest) === rest;
}

function viewOf(type: Exclude<ScalarName, "string">, buffer: ArrayBufferLike, offset: number, rows: number) {
  switch (type) {
    case "bool":
      return new Uint8Array(buffer, offset, rows);
    case "int32":
      return new Int32Array(buffer, offset, rows);
    case "int64":
      return new BigInt64Array(buffer, offset, rows);
    case "float":
      return new Float32Array(buffer, offset, rows);
    case "double":
      return new Float64Array(buffer, offset, rows);
  }
}

function duckdbType(duckdb: typeof DuckDB, type: ScalarName): DuckDB.DuckDBType {
  switch (type) {
    case "bool":
      return duckdb.BOOLEAN;
    case "int32":
      return duckdb.INTEGER;
    case "int64":
      return duckdb.BIGINT;
    case "float":
      return duckdb.FLOAT;
    case "double":
      return duckdb.DOUBLE;
    case "string":
      return duckdb.VARCHAR;
  }
}

function resultType(duckdb: typeof DuckDB, { result }: FunctionShape): DuckDB.DuckDBType {
  if (typeof result === "string") return duckdbType(duckdb, result);
  return duckdb.STRUCT(Object.fromEntries(result.map(({ name, type }) => [name, duckdbType(duckdb, type)])));
}

function addTo(
  connection: DuckDB.DuckDBConnection,
  registered: DuckDB.DuckDBScalarFunction,
  { name }: FunctionShape,
): void {
  try {
    connection.registerScalarFunction(registered);
  } catch (cause) {
    const next = "Where DuckDB has an aggregate or a table function of that name, rename yours in UDF_MODULE.";
    const error = new Error(`DuckDB does not take the function ${name}(). ${next}`, { cause });
    throw Object.assign(error, { code: "UDF_NOT_REGISTERED", function: name });
  }
}

/** The bindings that the given `@duckdb/node-api` uses: they are loaded already, wherever it is installed. */
function findBindings(duckdb: typeof DuckDB): typeof Bindings {
  const loaded = Object.values(createRequire(process.execPath).cache).find(
    (module) => module?.filename.includes("node-api") && exportsSame(module.exports, duckdb),
  );
  if (loaded) return createRequire(loaded.filename)("@duckdb/node-bindings");
  const next = 'Pass them as the third argument: require("@duckdb/node-bindings").';
  throw new Error(`register() does not find the bindings of the given @duckdb/node-api. ${next}`);
}

function exportsSame(module: unknown, duckdb: typeof DuckDB): boolean {
  if (typeof module !== "object" || module === null) return false;
  return Reflect.get(module, "DuckDBScalarFunction") === duckdb.DuckDBScalarFunction;
}

function rowErrorOf(error: unknown, functionName: string): RowError | undefined {
  if (!(error instanceof Error) || Reflect.get(error, "code") !== "UDF_ROW_ERROR") return undefined;
  const row: unknown = Reflect.get(error, "row");
  const frames: unknown = Reflect.get(error, "frames");
  return {
    function: functionName,
    row: typeof row === "number" ? row : undefined,
    message: error.message,
    frames: Array.isArray(frames) ? frames.filter((frame) => typeof frame === "number") : [],
  };
}

/** DuckDB passes on nothing but the text. */
function sqlError({ function: name, row, message }: RowError, cause: unknown): Error {
  const place = row === undefined ? "" : ` (row ${row} of its chunk)`;
  return new Error(`${name}(): ${message}${place}`, { cause });
}
