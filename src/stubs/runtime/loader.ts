import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The artifact that this stub was generated for. */
export type ArtifactIdentity = {
  module: string;
  /** File name, with the first 12 digits of the sha256. */
  file: string;
  sha256: string;
  interfaceHash: string;
  platform: string;
};

/** Where to load from; what is not given is looked for where the module's folder has it. */
export type LoadOptions = {
  /** Path of the artifact. */
  artifact?: string;
  /** Path of each config file by its name. */
  configs?: Readonly<Record<string, string>>;
};

/** A column with one value a row. `validity` has one bit a row, least significant first, 1 = not null; null: no nulls. */
export type Column<Values> = { readonly values: Values; readonly validity: Uint8Array | null };

/** A column of text: UTF-8 bytes, row `i` from `offsets[i]` to `offsets[i + 1]`. */
export class TextColumn {
  readonly offsets: Int32Array;
  readonly data: Uint8Array;
  readonly validity: Uint8Array | null;
  readonly length: number;

  constructor(offsets: Int32Array, data: Uint8Array, validity: Uint8Array | null = null) {
    this.offsets = offsets;
    this.data = data;
    this.validity = validity;
    this.length = offsets.length - 1;
  }

  /** The text of a row, or null. */
  get(row: number): string | null {
    if (row < 0 || row >= this.length) throw new RangeError(`there is no row ${row} in ${this.length} rows`);
    if (this.validity && !bitAt(this.validity, row)) return null;
    return textDecoder.decode(this.data.subarray(this.offsets[row], this.offsets[row + 1]));
  }

  *[Symbol.iterator](): IterableIterator<string | null> {
    for (let row = 0; row < this.length; row++) yield this.get(row);
  }
}

/** The artifact's own calls; see docs/architecture.md, "The artifact's doors". */
export type Door = {
  describe(): string;
  configure(name: string, path: string): void;
  prepare(): void;
  call<Result>(index: number, ...values: readonly unknown[]): Result;
  columns(index: number, rows: number, inputs: readonly DoorInput[], output: DoorOutput): number;
};
export type DoorInput = { values: unknown; validity: Uint8Array | null };
export type DoorLeaf = { values?: unknown; validity: Uint8Array; offsets?: Int32Array; data?: Uint8Array };
export type DoorOutput = { validity: Uint8Array; leaves: DoorLeaf[] };

export type ScalarName = "bool" | "int32" | "int64" | "float" | "double" | "string";
/** What the column calls need to know of a function. */
export type FunctionShape = {
  name: string;
  arguments: readonly ScalarName[];
  result: ScalarName | readonly { name: string; type: ScalarName }[];
};

type Values = Uint8Array | Int32Array | BigInt64Array | Float32Array | Float64Array;
type FixedType = { allocate(rows: number): Values; accepts(value: unknown): value is Values; expected: string };

const fixedTypes: Record<Exclude<ScalarName, "string">, FixedType> = {
  bool: fixedType(Uint8Array, "a Uint8Array of 0 and 1"),
  int32: fixedType(Int32Array, "an Int32Array"),
  int64: fixedType(BigInt64Array, "a BigInt64Array"),
  float: fixedType(Float32Array, "a Float32Array"),
  double: fixedType(Float64Array, "a Float64Array"),
};

const textDecoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Opens one artifact: at most once in a process, however often a stub of it is loaded. */
export class ArtifactModule {
  readonly #identity: ArtifactIdentity;
  readonly #places: Required<LoadOptions>;
  #door: Door | undefined;

  constructor(identity: ArtifactIdentity, places: Required<LoadOptions>) {
    this.#identity = identity;
    this.#places = places;
  }

  /** The door; loads from the default places if `load` has not been called. */
  get door(): Door {
    this.#door ??= this.load({});
    return this.#door;
  }

  /** Loads the artifact and says where its configs are. Throws an error that says what was expected and what was found. */
  load(options: LoadOptions): Door {
    const opened = openedArtifacts();
    let door = opened.get(this.#identity.sha256);
    if (!door) {
      door = this.#open(localPath(options.artifact ?? this.#places.artifact));
      opened.set(this.#identity.sha256, door);
    }
    const configs = { ...this.#places.configs, ...options.configs };
    for (const [name, file] of Object.entries(configs)) door.configure(name, localPath(file));
    this.#door = door;
    return door;
  }

  #open(file: string): Door {
    const { module, sha256, interfaceHash, platform } = this.#identity;
    const found = `${process.platform}-${process.arch}`;
    if (found !== platform) throw this.#refusal(file, `it was built for ${platform}, and this is ${found}`);
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(file);
    } catch (cause) {
      throw this.#refusal(file, `it cannot be read (${cause instanceof Error ? cause.message : String(cause)})`, cause);
    }
    const digest = createHash("sha256").update(bytes).digest("hex");
    if (digest !== sha256) {
      throw this.#refusal(
        file,
        `it is not the artifact that this stub was made for: its digest is ${digest.slice(0, 12)}`,
      );
    }
    const host: { exports: unknown } = { exports: {} };
    try {
      process.dlopen(host, file);
    } catch (cause) {
      throw this.#refusal(
        file,
        `it cannot be loaded (${cause instanceof Error ? cause.message : String(cause)})`,
        cause,
      );
    }
    const door = host.exports;
    if (!isDoor(door)) throw this.#refusal(file, "it is no native-udf artifact");
    const text = createHash("sha256")
      .update(interfaceText(JSON.parse(door.describe())))
      .digest("hex");
    if (text !== interfaceHash)
      throw this.#refusal(file, `the functions of ${module} are not those that this stub was made for`);
    return door;
  }

  #refusal(file: string, what: string, cause?: unknown): Error {
    const { module, file: expected } = this.#identity;
    const next = `Expected ${expected}. Run "native-udf stubs" in the module ${module}, and ship stub and artifact together.`;
    return Object.assign(new Error(`${file}: ${what}. ${next}`, { cause }), { code: "UDF_ARTIFACT_REFUSED" });
  }
}

/** Computes function `index` over whole columns. `columns` are the arguments as the caller gave them. */
export function callColumns<Result>(
  door: Door,
  index: number,
  shapes: readonly FunctionShape[],
  columns: readonly unknown[],
): Result;
export function callColumns(
  door: Door,
  index: number,
  shapes: readonly FunctionShape[],
  columns: readonly unknown[],
): unknown {
  const shape = shapes[index];
  if (!shape) throw new RangeError(`there is no function ${index}`);
  const inputs = shape.arguments.map((type, position) => inputOf(columns[position], { type, shape, position }));
  const rows = inputs[0]?.rows ?? 0;
  for (const [position, input] of inputs.entries()) {
    if (input.rows === rows) continue;
    throw new RangeError(`${shape.name}(): argument ${position + 1} has ${input.rows} rows and argument 1 has ${rows}`);
  }
  const maskBytes = 8 * Math.ceil(rows / 64);
  const types = typeof shape.result === "string" ? [shape.result] : shape.result.map((field) => field.type);
  const leaves = types.map((type): DoorLeaf => {
    const validity = new Uint8Array(maskBytes);
    return type === "string" ? { validity } : { values: fixedTypes[type].allocate(rows), validity };
  });
  const output: DoorOutput = { validity: new Uint8Array(maskBytes), leaves };
  const nulls = door.columns(index, rows, inputs, output);
  if (typeof shape.result === "string") return leafColumn(leaves[0], rows);
  const fields = shape.result.map((field, position) => [field.name, leafColumn(leaves[position], rows)]);
  return { ...Object.fromEntries(fields), validity: nulls === 0 ? null : output.validity };
}

function leafColumn(leaf: DoorLeaf | undefined, rows: number): Column<unknown> | TextColumn {
  if (!leaf) throw new Error("the artifact gave too few columns");
  const validity = allValid(leaf.validity, rows) ? null : leaf.validity;
  if (leaf.offsets && leaf.data) return new TextColumn(leaf.offsets, leaf.data, validity);
  return { values: leaf.values, validity };
}

type Place = { type: ScalarName; shape: FunctionShape; position: number };

function inputOf(column: unknown, place: Place): DoorInput & { rows: number } {
  if (place.type === "string") return textInput(column, place);
  const { accepts, expected } = fixedTypes[place.type];
  if (accepts(column)) return { values: column, validity: null, rows: column.length };
  if (typeof column === "object" && column !== null && "values" in column && accepts(column.values)) {
    const validity = "validity" in column ? column.validity : null;
    if (validity === null || validity === undefined)
      return { values: column.values, validity: null, rows: column.values.length };
    if (validity instanceof Uint8Array && validity.length * 8 >= column.values.length) {
      return { values: column.values, validity, rows: column.values.length };
    }
    throw wrong(place, "a validity mask (Uint8Array) with one bit a row");
  }
  throw wrong(place, `${expected}, or a column of one`);
}

function textInput(column: unknown, place: Place): DoorInput & { rows: number } {
  if (column instanceof TextColumn) {
    return { values: { offsets: column.offsets, data: column.data }, validity: column.validity, rows: column.length };
  }
  if (Array.isArray(column)) return { values: column, validity: null, rows: column.length };
  throw wrong(place, "an array of strings and nulls, or a TextColumn");
}

function wrong({ shape, position }: Place, expected: string): TypeError {
  return new TypeError(`${shape.name}(): argument ${position + 1} must be ${expected}`);
}

function fixedType<Kind extends Values>(
  kind: { new (rows: number): Kind; prototype: Kind },
  expected: string,
): FixedType {
  return {
    allocate: (rows) => new kind(rows),
    accepts: (value): value is Kind => value instanceof kind,
    expected,
  };
}

/** One registry for all copies of all stubs in the process: two bundles share one loaded artifact. */
function openedArtifacts(): Map<string, Door> {
  const key = Symbol.for("native-udf.artifacts");
  const known: unknown = Reflect.get(globalThis, key);
  if (known instanceof Map) return known;
  const opened = new Map<string, Door>();
  Reflect.set(globalThis, key, opened);
  return opened;
}

function isDoor(value: unknown): value is Door {
  if (typeof value !== "object" || value === null) return false;
  return ["describe", "configure", "prepare", "call", "columns"].every(
    (name) => typeof Reflect.get(value, name) === "function",
  );
}

function localPath(place: string): string {
  return place.startsWith("file:") ? fileURLToPath(place) : path.resolve(place);
}

function bitAt(mask: Uint8Array, row: number): boolean {
  return (((mask[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
}

function allValid(mask: Uint8Array, rows: number): boolean {
  const whole = rows >> 3;
  for (let index = 0; index < whole; index++) if (mask[index] !== 0xff) return false;
  const rest = (1 << (rows & 7)) - 1;
  return ((mask[whole] ?? 0) & rest) === rest;
}

type Described = {
  functions: {
    name: string;
    kind: string;
    arguments: { name: string; type: string; nullable: boolean }[];
    result: {
      type: string | { struct: string; fields: { name: string; type: string; nullable: boolean }[] };
      nullable: boolean;
    };
    config?: string;
  }[];
};

/** The text whose sha256 is the interface hash. */
export function interfaceText({ functions }: Described): string {
  return JSON.stringify(
    functions.map(({ name, kind, arguments: parameters, result: { type, nullable }, config }) => [
      name,
      kind,
      parameters.map((parameter) => [parameter.name, parameter.type, parameter.nullable]),
      typeof type === "string"
        ? type
        : [type.struct, type.fields.map((field) => [field.name, field.type, field.nullable])],
      nullable,
      config ?? null,
    ]),
  );
}
