import { createRequire } from "node:module";
import type * as DuckDB from "@duckdb/node-api";
import type { DuckDBConnection, DuckDBScalarFunction, DuckDBType } from "@duckdb/node-api";
import type * as Bindings from "@duckdb/node-bindings";
import type { Door, DoorInput, DoorLeaf, FunctionShape, ScalarName } from "./loader.ts";

/** The function, row (in its chunk of at most 2,048) and message of the last row error; DuckDB passes on only the text. */
export type RowError = { function: string; row: number | undefined; message: string };

const bytesOf: Record<ScalarName, number> = { bool: 1, int32: 4, int64: 8, float: 4, double: 8, string: 16 };
/** DuckDB's vectors have at most this many rows. */
const chunkRows = 2048;
const maskBytes = chunkRows / 8;

/** Registers functions on connections, and remembers the last row error. */
export class DuckDBRegistration {
  #lastRowError: RowError | undefined;

  get lastRowError(): RowError | undefined {
    return this.#lastRowError;
  }

  register(options: {
    connection: DuckDBConnection;
    duckdb: typeof DuckDB;
    bindings: typeof Bindings | undefined;
    door: Door;
    functions: readonly FunctionShape[];
  }): void {
    const { connection, duckdb, door, functions } = options;
    const bindings = options.bindings ?? findBindings();
    for (const [index, shape] of functions.entries()) {
      const registered = new duckdb.DuckDBScalarFunction();
      registered.setName(shape.name);
      for (const type of shape.arguments) registered.addParameter(duckdbType(duckdb, type));
      registered.setReturnType(resultType(duckdb, shape));
      registered.setSpecialHandling();
      registered.setVolatile();
      this.#setMain(registered, new ChunkCall({ bindings, door, index, shape }), bindings);
      connection.registerScalarFunction(registered);
    }
  }

  #setMain(registered: DuckDBScalarFunction, call: ChunkCall, bindings: typeof Bindings): void {
    bindings.scalar_function_set_function(registered.scalar_function, (_info, input, output) => {
      try {
        call.run(input, output);
      } catch (error) {
        this.#lastRowError = rowErrorOf(error, call.shape.name);
        throw error;
      }
    });
  }
}

/** One function over one chunk: DuckDB's vectors in, the kernel, DuckDB's vector out. Its buffers serve every chunk. */
class ChunkCall {
  readonly shape: FunctionShape;
  readonly #bindings: typeof Bindings;
  readonly #door: Door;
  readonly #index: number;
  readonly #types: readonly ScalarName[];
  readonly #buffers: readonly ArrayBuffer[];
  readonly #validity = new Uint8Array(maskBytes);
  readonly #leafValidity: readonly Uint8Array[];

  constructor(options: { bindings: typeof Bindings; door: Door; index: number; shape: FunctionShape }) {
    this.shape = options.shape;
    this.#bindings = options.bindings;
    this.#door = options.door;
    this.#index = options.index;
    const { result } = options.shape;
    this.#types = typeof result === "string" ? [result] : result.map((field) => field.type);
    this.#buffers = this.#types.map((type) => new ArrayBuffer(type === "string" ? 0 : bytesOf[type] * chunkRows));
    this.#leafValidity = this.#types.map(() => new Uint8Array(maskBytes));
  }

  run(input: Bindings.DataChunk, output: Bindings.Vector): void {
    const rows = this.#bindings.data_chunk_get_size(input);
    const inputs = this.shape.arguments.map((type, position) => this.#input({ input, type, position, rows }));
    const bytes = 8 * Math.ceil(rows / 64);
    const leaves = this.#types.map((type, position): DoorLeaf => {
      const validity = (this.#leafValidity[position] ?? new Uint8Array(maskBytes)).subarray(0, bytes);
      return type === "string" ? { validity } : { values: view(type, this.#buffers[position], 0, rows), validity };
    });
    const validity = this.#validity.subarray(0, bytes);
    this.#door.columns(this.#index, rows, inputs, { validity, leaves });
    if (typeof this.shape.result === "string") {
      this.#write({ vector: output, type: this.shape.result, leaf: leaves[0], position: 0, rows });
      return;
    }
    for (const [position, { type }] of this.shape.result.entries()) {
      const vector = this.#bindings.struct_vector_get_child(output, position);
      this.#write({ vector, type, leaf: leaves[position], position, rows });
    }
    this.#writeValidity(output, validity, rows);
  }

  #input(options: { input: Bindings.DataChunk; type: ScalarName; position: number; rows: number }): DoorInput {
    const { input, type, position, rows } = options;
    const vector = this.#bindings.data_chunk_get_vector(input, position);
    const data = this.#bindings.vector_get_data(vector, bytesOf[type] * rows);
    const validity: Uint8Array | null = this.#bindings.vector_get_validity(vector, 8 * Math.ceil(rows / 64)) ?? null;
    const values = type === "string" ? { duckdb: data } : view(type, data.buffer, data.byteOffset, rows);
    return { values, validity };
  }

  #write(options: {
    vector: Bindings.Vector;
    type: ScalarName;
    leaf: DoorLeaf | undefined;
    position: number;
    rows: number;
  }): void {
    const { vector, type, leaf, position, rows } = options;
    if (!leaf) throw new Error("the artifact gave too few columns");
    const buffer = this.#buffers[position];
    if (type === "string") this.#writeText(vector, leaf, rows);
    else if (buffer) this.#bindings.copy_data_to_vector(vector, 0, buffer, 0, bytesOf[type] * rows);
    this.#writeValidity(vector, leaf.validity, rows);
  }

  #writeText(vector: Bindings.Vector, { offsets, data, validity }: DoorLeaf, rows: number): void {
    if (!offsets || !data) throw new Error("the artifact gave no text");
    for (let row = 0; row < rows; row++) {
      if ((((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 0) continue;
      this.#bindings.vector_assign_string_element_len(vector, row, data.subarray(offsets[row], offsets[row + 1]));
    }
  }

  /** Left alone where nothing is null: DuckDB takes a vector without a mask as all valid. */
  #writeValidity(vector: Bindings.Vector, mask: Uint8Array, rows: number): void {
    if (allOnes(mask, rows) || !(mask.buffer instanceof ArrayBuffer)) return;
    this.#bindings.vector_ensure_validity_writable(vector);
    this.#bindings.copy_data_to_vector_validity(vector, 0, mask.buffer, mask.byteOffset, mask.byteLength);
  }
}

function view(type: Exclude<ScalarName, "string">, buffer: ArrayBufferLike | undefined, offset: number, rows: number) {
  if (!buffer) throw new Error("a buffer is missing");
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

function duckdbType(duckdb: typeof DuckDB, type: ScalarName): DuckDBType {
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

function resultType(duckdb: typeof DuckDB, { result }: FunctionShape): DuckDBType {
  if (typeof result === "string") return duckdbType(duckdb, result);
  return duckdb.STRUCT(Object.fromEntries(result.map(({ name, type }) => [name, duckdbType(duckdb, type)])));
}

/** The bindings that belong to the `@duckdb/node-api` that this file sees. */
function findBindings(): typeof Bindings {
  const here = createRequire(import.meta.url);
  return createRequire(here.resolve("@duckdb/node-api"))("@duckdb/node-bindings");
}

function rowErrorOf(error: unknown, functionName: string): RowError {
  const row: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "row") : undefined;
  return {
    function: functionName,
    row: typeof row === "number" ? row : undefined,
    message: error instanceof Error ? error.message : String(error),
  };
}

function allOnes(mask: Uint8Array, rows: number): boolean {
  const whole = rows >> 3;
  for (let index = 0; index < whole; index++) if (mask[index] !== 0xff) return false;
  const rest = (1 << (rows & 7)) - 1;
  return ((mask[whole] ?? 0) & rest) === rest;
}
