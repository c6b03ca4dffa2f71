import { createRequire } from "node:module";
import process from "node:process";
import type * as DuckDB from "@duckdb/node-api";
import type * as Bindings from "@duckdb/node-bindings";
import { outputFor } from "./columns.ts";
import { textIsAsExpected } from "./duckdb-text.ts";
import { duckdbType } from "./duckdb-types.ts";
import { type Host, VectorReader, VectorWriter } from "./duckdb-vectors.ts";
import type { Door, DoorColumn, FunctionShape } from "./loader.ts";

/** What a function threw, and at which row of its chunk of at most 2,048 (from 0). */
export type RowError = {
  function: string;
  row: number | undefined;
  message: string;
  /** The calls that led to the throw, innermost first: addresses in the artifact, as `addr2line` takes them. */
  frames: readonly number[];
  /** What a guarded function's copy died of; absent for an exception. */
  signal?: number;
  /** The arguments, where an observer asks for them. */
  values?: readonly string[];
};

/** Follows the calls of a query, as the runner of native-udf does. */
export type Observer = {
  /** Whether row errors are to have the values of the arguments. */
  values: boolean;
  /** A function is about to be given the rows of a chunk. */
  given(name: string, rows: number): void;
  /** True: the query goes on with null for the whole chunk, since nobody wants its result any more. */
  failed(error: RowError): boolean;
};

/** Registers functions on connections, and remembers the last row error. */
export class DuckDBRegistration {
  #lastRowError: RowError | undefined;
  #observer: Observer | undefined;

  observe(observer: Observer | undefined): void {
    this.#observer = observer;
  }

  get lastRowError(): RowError | undefined {
    return this.#lastRowError;
  }

  async register(options: {
    connection: DuckDB.DuckDBConnection;
    duckdb: typeof DuckDB;
    bindings: typeof Bindings | undefined;
    door: Door;
    functions: readonly FunctionShape[];
  }): Promise<void> {
    const { connection, duckdb, door, functions } = options;
    const bindings = options.bindings ?? findBindings(duckdb);
    const directText = textIsAsExpected(duckdb, bindings);
    const host: Host = { duckdb, bindings, rows: bindings.vector_size(), directText };
    const registrations = functions.flatMap((shape, index) =>
      argumentCounts(shape).map((count) => ({ shape, index, count })),
    );
    for (const { shape, index, count } of registrations) {
      const registered = new duckdb.DuckDBScalarFunction();
      registered.setName(nameInDuckDB(shape));
      for (const { type } of shape.arguments.slice(0, count)) registered.addParameter(duckdbType(duckdb, type));
      registered.setReturnType(duckdbType(duckdb, shape.result));
      registered.setSpecialHandling(); // the function sees nulls, and the artifact keeps the null rules
      registered.setVolatile();
      const call = new ChunkCall({ host, door, index, shape, count });
      // not setMainFunction(), which reads the result's memory before it is written
      bindings.scalar_function_set_function(registered.scalar_function, (_info, input, output) => {
        this.#lastRowError = undefined;
        this.#observer?.given(shape.name, bindings.data_chunk_get_size(input));
        try {
          call.run(input, output);
        } catch (error) {
          const failure = rowErrorOf(error, shape.name);
          if (!failure) throw error;
          if (this.#observer?.values) failure.values = valuesOf(host, input, failure.row);
          this.#lastRowError = failure;
          if (!this.#observer?.failed(failure)) throw sqlError(failure, error);
          call.writeNulls(output, bindings.data_chunk_get_size(input));
        }
      });
      addTo(connection, registered, shape);
    }
    for (const shape of functions) if (shape.aggregate) await connection.run(aggregateMacro(shape));
  }
}

/** DuckDB takes no aggregates from JavaScript: a function of the lists of all values of a group is one, by a macro. */
function aggregateMacro(shape: FunctionShape): string {
  const parameters = shape.arguments.map(({ name }) => `"${name}"`);
  const lists = parameters.map((name) => `list(${name})`);
  const macro = `"${shape.name}"(${parameters.join(", ")})`;
  return `CREATE OR REPLACE TEMP MACRO ${macro} AS "${nameInDuckDB(shape)}"(${lists.join(", ")})`;
}

/** No function of C++ has such a name. */
function nameInDuckDB({ name, aggregate }: FunctionShape): string {
  return aggregate ? `${name} of lists` : name;
}

/** With a default, an argument may be left out, and SQL has a function for each number of arguments. */
function argumentCounts({ arguments: parameters }: FunctionShape): number[] {
  const optional = parameters.filter((parameter) => parameter.optional).length;
  return Array.from({ length: optional + 1 }, (_, index) => parameters.length - optional + index);
}

type ChunkOptions = { host: Host; door: Door; index: number; shape: FunctionShape; count: number };

/** One function over one chunk: DuckDB's vectors in, the kernel, DuckDB's vector out. Its buffers serve every chunk. */
class ChunkCall {
  readonly #options: ChunkOptions;
  readonly #reader: VectorReader;
  readonly #writer: VectorWriter;
  readonly #output: DoorColumn;

  constructor(options: ChunkOptions) {
    const { host, shape } = options;
    this.#options = options;
    this.#reader = new VectorReader(host);
    this.#writer = new VectorWriter(host);
    this.#output = outputFor(shape.result, host.rows);
  }

  run(input: Bindings.DataChunk, output: Bindings.Vector): void {
    const { host, door, index, shape, count } = this.#options;
    const rows = host.bindings.data_chunk_get_size(input);
    const inputs = shape.arguments
      .slice(0, count)
      .map(({ type }, position) => this.#reader.read(host.bindings.data_chunk_get_vector(input, position), type, rows));
    door.columns(index, rows, inputs, this.#output);
    this.#writer.write(output, { type: shape.result, column: this.#output, rows });
  }

  writeNulls(output: Bindings.Vector, rows: number): void {
    this.#writer.writeNulls(output, this.#options.shape.result, rows);
  }
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
  const signal: unknown = Reflect.get(error, "signal");
  return {
    function: functionName,
    row: typeof row === "number" ? row : undefined,
    message: error.message,
    frames: Array.isArray(frames) ? frames.filter((frame) => typeof frame === "number") : [],
    ...(typeof signal === "number" ? { signal } : {}),
  };
}

/** One row's arguments, as DuckDB writes them. */
function valuesOf({ duckdb, bindings }: Host, input: Bindings.DataChunk, given: number | undefined): string[] {
  const rows = bindings.data_chunk_get_size(input);
  const row = rows === 1 ? 0 : given; // a batch function's error has none
  if (row === undefined) return [];
  const columns = Array.from({ length: bindings.data_chunk_get_column_count(input) }, (_, position) =>
    duckdb.DuckDBVector.create(bindings.data_chunk_get_vector(input, position), rows),
  );
  return columns.map((column) => {
    const value = column.getItem(row);
    return typeof value === "string" ? JSON.stringify(shortened(value)) : shortened(String(value));
  });
}

/** A message is read by people. */
function shortened(text: string): string {
  const most = 200;
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length} characters)`;
}

/** DuckDB passes on nothing but the text. */
function sqlError({ function: name, row, message }: RowError, cause: unknown): Error {
  const place = row === undefined ? "" : ` (row ${row} of its chunk)`;
  return new Error(`${name}(): ${message}${place}`, { cause });
}
