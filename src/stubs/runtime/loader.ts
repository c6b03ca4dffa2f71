import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The artifact that a stub was generated for. */
export type ArtifactIdentity = {
  module: string;
  /** File name, with the first 12 digits of the sha256. */
  file: string;
  sha256: string;
  interfaceHash: string;
  /** Such as `linux-x64`. */
  platform: string;
};

/** Where the module's folder has the files, relative to the stub `base` (a file: URL; none in a CommonJS bundle). */
export type DefaultPlaces = {
  base: string | undefined;
  artifact: string;
  configs: Readonly<Record<string, string>>;
};

/** Where to load from; what is not given is taken from where the module's folder has it. Paths or file: URLs. */
export type LoadOptions = {
  artifact?: string;
  /** Each config file by its name. */
  configs?: Readonly<Record<string, string>>;
};

/** The artifact's own calls; see docs/architecture.md, "The artifact's doors". */
export type Door = {
  describe(): string;
  configure(name: string, path: string): void;
  /** Makes the state of every function now: a broken config fails here, and not at its first use. */
  prepare(): void;
  /**
   * From now on, writes to the file where the module's code crashes. For a process that only computes. Missing in an
   * artifact of an earlier SDK.
   */
  watch?(path: string): void;
  /** Missing in an artifact of an earlier SDK. */
  guard?(index: number, guarded: boolean): void;
  call<Result>(index: number, ...values: readonly unknown[]): Result;
  columns(index: number, rows: number, inputs: readonly DoorInput[], output: DoorColumn): number;
};
export type DoorInput = { values: unknown; validity: Uint8Array | null };
/** A result: JavaScript allocates `validity` and what has a fixed width, the artifact sets the rest. */
export type DoorColumn = {
  validity: Uint8Array | null;
  values?: Values;
  offsets?: Int32Array;
  data?: Uint8Array;
  child?: DoorColumn;
  children?: DoorColumn[];
};
export type Values =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

export type FlatName =
  | "bool"
  | `${"" | "u"}int${8 | 16 | 32 | 64}`
  | "float"
  | "double"
  | "date"
  | "timestamp"
  | "local_timestamp";
/** What the column calls need to know of a type. */
export type TypeShape =
  | FlatName
  | "string"
  | "bytes"
  | { decimal: { precision: number; scale: number } }
  | { list: { type: TypeShape; nullable: boolean } }
  | { fields: readonly FieldShape[] };
/** `column` is a field's name among the columns of its struct. */
export type FieldShape = { name: string; column: string; type: TypeShape; nullable: boolean };
/** What the column calls need to know of a function. */
export type FunctionShape = {
  name: string;
  /** `optional`: it has a default. */
  arguments: readonly { name: string; type: TypeShape; optional?: true }[];
  result: TypeShape;
  /** Each argument is a list of the values of a group. */
  aggregate?: true;
};

/** Opens one artifact: at most once in a process, however many copies of its stub there are. */
export class ArtifactModule {
  readonly #identity: ArtifactIdentity;
  readonly #places: DefaultPlaces;
  #door: Door | undefined;

  constructor(identity: ArtifactIdentity, places: DefaultPlaces) {
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
    const all = openedArtifacts();
    const opened = all.get(this.#identity.sha256) ?? { door: this.#open(options.artifact), configs: new Set<string>() };
    all.set(this.#identity.sha256, opened);
    const { door, configs } = opened;
    const configure = (name: string, file: string) => {
      door.configure(name, file);
      configs.add(name);
    };
    for (const [name, file] of Object.entries(options.configs ?? {})) configure(name, localPath(file));
    for (const [name, relative] of Object.entries(this.#places.configs)) {
      const file = this.#defaultPath(relative);
      // another copy of the stub, or an earlier load, may have named another place
      if (file !== undefined && !configs.has(name)) configure(name, file);
    }
    this.#door = door;
    return door;
  }

  #open(given: string | undefined): Door {
    const { module, file: expected, sha256, interfaceHash, platform } = this.#identity;
    const file = given === undefined ? this.#defaultPath(this.#places.artifact) : localPath(given);
    if (file === undefined)
      throw this.#refusal(expected, 'a bundle does not know where it lies: call load({ artifact: "…" })');
    const found = `${process.platform}-${process.arch}`;
    if (found !== platform) throw this.#refusal(file, `it was built for ${platform}, and this is ${found}`);
    const bytes = this.#attempt(file, "be read", () => readFileSync(file));
    if (bytes.subarray(1, 4).toString("latin1") !== "ELF") throw this.#refusal(file, "it is no shared object");
    const digest = sha256Of(bytes);
    if (digest !== sha256) {
      const what = `its sha256 begins with ${digest.slice(0, 12)}, so it is not the artifact that this stub was made for`;
      throw this.#refusal(file, what);
    }
    const host: { exports: unknown } = { exports: {} };
    this.#attempt(file, "be loaded", () => process.dlopen(host, file));
    const door = host.exports;
    if (!isDoor(door)) throw this.#refusal(file, "it is no artifact of native-udf");
    if (sha256Of(interfaceText(JSON.parse(door.describe()))) !== interfaceHash) {
      throw this.#refusal(file, `the functions of ${module} are not those that this stub was made for`);
    }
    return door;
  }

  #defaultPath(relative: string): string | undefined {
    const { base } = this.#places;
    return base === undefined ? undefined : path.resolve(path.dirname(fileURLToPath(base)), relative);
  }

  #attempt<Result>(file: string, action: string, body: () => Result): Result {
    try {
      return body();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw this.#refusal(file, `it cannot ${action} (${why})`, cause);
    }
  }

  #refusal(file: string, what: string, cause?: unknown): Error {
    const { module, file: expected } = this.#identity;
    const next = `Expected ${expected}. Run "native-udf stubs" in the module ${module}, and ship stub and artifact together.`;
    return Object.assign(new Error(`${file}: ${what}. ${next}`, { cause }), { code: "UDF_ARTIFACT_REFUSED" });
  }
}

type OpenedArtifact = {
  door: Door;
  /** The names of the configs whose place has been said. */
  configs: Set<string>;
};

/** By sha256. One for all copies of all stubs in the process: two bundles share one loaded artifact. */
function openedArtifacts(): Map<string, OpenedArtifact> {
  const key = Symbol.for("native-udf.artifacts.1");
  const known: unknown = Reflect.get(globalThis, key);
  if (known instanceof Map) return known;
  const opened = new Map<string, OpenedArtifact>();
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

function sha256Of(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

type DescribedField = { name: string; type: DescribedType; nullable: boolean };
type DescribedType =
  | string
  | { decimal: { precision: number; scale: number } }
  | { list: { type: DescribedType; nullable: boolean } }
  | { struct: string; fields: DescribedField[] };
type Described = {
  functions: {
    name: string;
    kind: string;
    arguments: (DescribedField & { default?: unknown })[];
    result: { type: DescribedType; nullable: boolean };
    config?: string;
  }[];
};

/** The text whose sha256 is the interface hash; the generator computes it too. */
export function interfaceText({ functions }: Described): string {
  const typeShape = (type: DescribedType): unknown => {
    if (typeof type === "string") return type;
    if ("decimal" in type) return ["decimal", type.decimal.precision, type.decimal.scale];
    if ("list" in type) return ["list", typeShape(type.list.type), type.list.nullable];
    return [type.struct, type.fields.map(fieldShape)];
  };
  const fieldShape = ({ name, type, nullable }: DescribedField) => [name, typeShape(type), nullable];
  return JSON.stringify(
    functions.map(({ name, kind, arguments: parameters, result: { type, nullable }, config }) => [
      name,
      kind,
      parameters.map((parameter) => [...fieldShape(parameter), ...("default" in parameter ? ["may be left out"] : [])]),
      typeShape(type),
      nullable,
      config ?? null,
    ]),
  );
}
