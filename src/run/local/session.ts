import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import * as duckdb from "@duckdb/node-api";
import type * as Bindings from "@duckdb/node-bindings";
import * as z from "zod";
import { messageOf, UdfError } from "../../core/error.ts";
import { CallObserver, type RowFailure, type StubFailure } from "./call-observer.ts";
import type { Column, Reply, RequestOf } from "./messages.ts";
import { literal } from "./sql-text.ts";

/** `watch` is missing in an artifact of an earlier SDK. */
type StubDoor = { prepare(): void; watch?(path: string): void; guard?(index: number, guarded: boolean): void };
type StubObserver = {
  values: boolean;
  given(name: string, rows: number): void;
  failed(failure: StubFailure): boolean;
};
/** The part of a generated `<module>.duckdb.ts` that a worker uses. */
type Stub = {
  load(options: { artifact: string; configs: Record<string, string> }): StubDoor;
  register(
    connection: duckdb.DuckDBConnection,
    module: typeof duckdb,
    bindings: typeof Bindings,
  ): Promise<void> | undefined;
  lastRowError(): unknown;
  observe?(observer: StubObserver | undefined): void;
};
const stubSchema = z.custom<Stub>(
  (value) =>
    typeof value === "object" &&
    value !== null &&
    ["load", "register", "lastRowError"].every((name) => typeof Reflect.get(value, name) === "function"),
);
/** What a job's bundle exports. */
export type JobBundle = { job: unknown; stubs: Readonly<Record<string, Stub>> };
const bundleSchema = z.object({ default: z.unknown().optional(), stubs: z.record(z.string(), stubSchema) });
const rowErrorSchema = z.object({
  function: z.string(),
  row: z.number().optional(),
  message: z.string(),
  frames: z.array(z.number()).default([]),
});

type LoadedModule = {
  stub: Stub;
  door: StubDoor;
  /** Their names, in the artifact's order. */
  functions: readonly string[];
  /** It writes there where it crashes. */
  crashes: string;
};

/** What stands before the author's statement when it gets a name. */
export function definition(view: string): string {
  return `CREATE OR REPLACE TEMP VIEW ${view} AS `;
}

/** A worker's database with the functions of the job's modules on it. */
export class Session {
  readonly connection: duckdb.DuckDBConnection;
  /** By the module's name. */
  readonly #loaded: ReadonlyMap<string, LoadedModule>;
  readonly #guarded = new Set<string>();
  #observer: CallObserver | undefined;

  private constructor(connection: duckdb.DuckDBConnection, loaded: ReadonlyMap<string, LoadedModule>) {
    this.connection = connection;
    this.#loaded = loaded;
  }

  /** Loads the artifacts, each once, and opens a database of one thread. Throws ARTIFACT_MISMATCH, CONFIG_INVALID. */
  static async open(
    { stubs }: JobBundle,
    request: RequestOf<"open">,
  ): Promise<{ session: Session; reply: Reply<"open"> }> {
    const digests: Record<string, string> = {};
    const loaded = new Map<string, LoadedModule>();
    const connection = await connect(request);
    // counts progress without printing it
    for (const setting of [
      "enable_progress_bar = true",
      "enable_progress_bar_print = false",
      "progress_bar_time = 0",
    ]) {
      await connection.run(`SET ${setting}`);
    }
    for (const artifact of request.artifacts) {
      const stub = stubs[artifact.module];
      if (!stub) throw new UdfError("ARTIFACT_MISMATCH", { what: `the bundle has no stub of ${artifact.module}` });
      digests[artifact.module] = createHash("sha256").update(readFileSync(artifact.path)).digest("hex");
      const door = loadStub(stub, { ...artifact, crashes: request.crashes });
      await stub.register(connection, duckdb, bindings());
      loaded.set(artifact.module, { stub, door, functions: artifact.functions, crashes: request.crashes });
    }
    return { session: new Session(connection, loaded), reply: { digests } };
  }

  /** A database without functions of a module, which spills nothing to disk. */
  static async plain(): Promise<Session> {
    return new Session(await connect({ memoryMegabytes: 512, temporary: "" }), new Map());
  }

  close(): void {
    this.connection.closeSync();
  }

  async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  /** Gives the author's statement a name, whatever it ends with: a semicolon, a comment. */
  async define(view: string, sql: string): Promise<void> {
    await this.run(`${definition(view)}${sql}`);
  }

  /** Names and types of what a FROM clause gives. */
  async columnsOf(source: string): Promise<Column[]> {
    return z
      .array(z.object({ column_name: z.string(), column_type: z.string() }))
      .parse(await this.rows(`DESCRIBE SELECT * FROM ${source}`))
      .map(({ column_name: name, column_type: type }) => ({ name, type }));
  }

  async rows(sql: string): Promise<Record<string, unknown>[]> {
    return (await this.connection.runAndReadAll(sql)).getRowObjectsJson();
  }

  /** The statement's syntax tree. Throws what DuckDB makes of a syntax error, as its JSON. */
  async serialize(sql: string): Promise<unknown> {
    const [row] = await this.rows(`SELECT json_serialize_sql(${literal(sql)}) AS tree`);
    return JSON.parse(z.object({ tree: z.string() }).parse(row).tree);
  }

  /** What the statement means to DuckDB: its names and types resolved, its casts and functions decided; as JSON. */
  async boundPlan(sql: string): Promise<string> {
    const [row] = await this.rows(`SELECT json_serialize_plan(${literal(sql)}, optimize := false) AS plan`);
    return z.object({ plan: z.string() }).parse(row).plan;
  }

  /** Follows the calls that one piece of work makes. */
  async following<Result>(observer: CallObserver, work: () => Promise<Result>): Promise<Result> {
    this.#observer = observer;
    for (const [module, { stub }] of this.#loaded) {
      stub.observe?.({
        values: observer.values,
        given: (name, rows) => observer.given(name, rows),
        failed: (failure) => observer.failed(module, failure),
      });
    }
    try {
      return await work();
    } finally {
      this.#observer = undefined;
      for (const { stub } of this.#loaded.values()) stub.observe?.(undefined);
    }
  }

  /** Counts the functions' rows anew, and guards none. */
  beginQuery(): void {
    for (const { door, crashes } of this.#loaded.values()) door.watch?.(crashes);
    for (const name of this.#guarded) this.guard(name, false);
  }

  /** From now on (or no longer) a function's calls are tried in a copy of the process first: see `Door.guard`. */
  guard(name: string, guarded: boolean): void {
    if (this.#guarded.has(name) === guarded) return;
    for (const { door, functions } of this.#loaded.values()) {
      const index = functions.indexOf(name);
      if (index >= 0) door.guard?.(index, guarded);
    }
    if (guarded) this.#guarded.add(name);
    else this.#guarded.delete(name);
  }

  /** What functions threw in the work that is followed, or else in the last statement. */
  get failures(): readonly RowFailure[] {
    const followed = this.#observer?.failures ?? [];
    if (followed.length > 0) return followed;
    // a stub that cannot be followed tells the last one, without its row
    const observer = new CallObserver({ values: false, goesOn: false });
    for (const [module, { stub }] of this.#loaded) {
      const { data } = rowErrorSchema.safeParse(stub.lastRowError());
      if (data && !(stub.observe && this.#observer)) observer.failed(module, { ...data, row: undefined });
    }
    return observer.failures;
  }

  /** Computes the rows of a table or view, and keeps none. */
  async compute(source: string): Promise<void> {
    const result = await this.connection.stream(`SELECT * FROM ${source}`);
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; ) chunk = await result.fetchChunk();
  }
}

async function connect(options: { memoryMegabytes: number; temporary: string }): Promise<duckdb.DuckDBConnection> {
  const instance = await duckdb.DuckDBInstance.create(":memory:", {
    threads: "1",
    memory_limit: `${options.memoryMegabytes}MB`,
    temp_directory: options.temporary,
    // what is missing is an error, and never a download
    autoinstall_known_extensions: "false",
    errors_as_json: "true",
  });
  return instance.connect();
}

/** Evaluates a job's bundle. Throws JOB_INVALID. */
export async function readBundle(request: RequestOf<"read">): Promise<JobBundle> {
  const { default: job, stubs } = bundleSchema.parse(await importBundle(request));
  refuseNoData(job, request.jobFile);
  return { job, stubs };
}

async function importBundle({ bundle, jobFile }: RequestOf<"read">): Promise<unknown> {
  try {
    return await import(pathToFileURL(bundle).href);
  } catch (cause) {
    const frame = new RegExp(`${path.basename(jobFile).replaceAll(".", "\\.")}:(\\d+:\\d+)`);
    const place = frame.exec(cause instanceof Error ? (cause.stack ?? "") : "")?.[1];
    throw new UdfError("JOB_INVALID", {
      what: `the job file fails when it is read: ${messageOf(cause)}`,
      where: place ? `${jobFile}:${place}` : jobFile,
      next: "Correct the job file.",
      cause,
    });
  }
}

function refuseNoData(job: unknown, jobFile: string): void {
  try {
    structuredClone(job);
  } catch (cause) {
    throw new UdfError("JOB_INVALID", {
      what: `the job holds something that is not plain data (${messageOf(cause)})`,
      where: jobFile,
      next: "Use texts, lists and objects only.",
      cause,
    });
  }
}

const doorErrorSchema = z.object({ code: z.string(), config: z.string().optional() });

type LoadedArtifact = { path: string; configs: Record<string, string>; crashes: string };

function loadStub(stub: Stub, { path: artifact, configs, crashes }: LoadedArtifact): StubDoor {
  try {
    const door = stub.load({ artifact, configs });
    door.watch?.(crashes); // before any code of the author's
    door.prepare();
    return door;
  } catch (cause) {
    const known = doorErrorSchema.safeParse(cause);
    if (known.data?.code === "UDF_CONFIG_ERROR") {
      throw new UdfError("CONFIG_INVALID", {
        what: messageOf(cause),
        ...(known.data.config ? { where: known.data.config } : {}),
        next: "Correct the config file, or list it in native-udf.json.",
        cause,
      });
    }
    throw new UdfError("ARTIFACT_MISMATCH", { what: messageOf(cause), cause });
  }
}

/** The bindings that the `@duckdb/node-api` imported above uses. */
function bindings(): typeof Bindings {
  return createRequire(import.meta.url)("@duckdb/node-bindings");
}
