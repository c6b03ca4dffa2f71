import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import * as duckdb from "@duckdb/node-api";
import type * as Bindings from "@duckdb/node-bindings";
import * as z from "zod";
import { messageOf, UdfError } from "../../core/error.ts";
import type { Trace } from "../traced-error.ts";
import type { Column, Reply, RequestOf } from "./messages.ts";
import { literal } from "./sql-text.ts";

/** `watch` is missing in an artifact of an earlier SDK. */
type StubDoor = { prepare(): void; watch?(path: string): void };
/** The part of a generated `<module>.duckdb.ts` that a worker uses. */
type Stub = {
  load(options: { artifact: string; configs: Record<string, string> }): StubDoor;
  register(connection: duckdb.DuckDBConnection, module: typeof duckdb, bindings: typeof Bindings): void;
  lastRowError(): unknown;
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
  message: z.string(),
  frames: z.array(z.number()).default([]),
});
export type RowError = { function: string; message: string; trace: Trace };

/** What stands before the author's statement when it gets a name. */
export function definition(view: string): string {
  return `CREATE OR REPLACE TEMP VIEW ${view} AS `;
}

/** A worker's database with the functions of the job's modules on it. */
export class Session {
  readonly connection: duckdb.DuckDBConnection;
  /** By the module's name. */
  readonly #stubs: ReadonlyMap<string, Stub>;

  private constructor(connection: duckdb.DuckDBConnection, stubs: ReadonlyMap<string, Stub>) {
    this.connection = connection;
    this.#stubs = stubs;
  }

  /** Loads the artifacts, each once, and opens a database of one thread. Throws ARTIFACT_MISMATCH, CONFIG_INVALID. */
  static async open(
    { stubs }: JobBundle,
    request: RequestOf<"open">,
  ): Promise<{ session: Session; reply: Reply<"open"> }> {
    const digests: Record<string, string> = {};
    const loaded = new Map<string, Stub>();
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
      loadStub(stub, { ...artifact, crashes: request.crashes });
      stub.register(connection, duckdb, bindings());
      loaded.set(artifact.module, stub);
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

  /** The row error behind a failed statement; undefined where no function of a module threw. */
  rowError(): RowError | undefined {
    for (const [module, stub] of this.#stubs) {
      const { data } = rowErrorSchema.safeParse(stub.lastRowError());
      if (data) return { function: data.function, message: data.message, trace: { module, frames: data.frames } };
    }
    return undefined;
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

function loadStub(stub: Stub, { path: artifact, configs, crashes }: LoadedArtifact): void {
  try {
    const door = stub.load({ artifact, configs });
    door.watch?.(crashes); // before any code of the author's
    door.prepare();
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
