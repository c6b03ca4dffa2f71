import { rmSync } from "node:fs";
import path from "node:path";
import { messageOf, UdfError } from "../../core/error.ts";
import { findSpark } from "../../toolchain/spark.ts";
import { isScript } from "../job-files.ts";
import { exists, removeTemporary } from "../output.ts";
import { type Driven, DriverFailure, DriverRefusal, drive } from "./drive.ts";
import { failureOnSpark } from "./failure.ts";
import { fileAddress } from "./file-address.ts";
import { refuseWithoutConnect } from "./launch.ts";
import type { DriverJob, DriverWork } from "./messages.ts";
import type { SparkRunOptions } from "./options.ts";
import type { Preparation, PreparedJob } from "./prepared-job.ts";
import { publish } from "./publish.ts";
import { refuseUnreachable } from "./reach.ts";
import { SparkEvents } from "./spark-events.ts";
import { columnsOfSchema, type SparkSchema } from "./spark-schema.ts";

const previewRows = 20;

/** Runs a job or a script on Spark. Throws what failed; the driver and what it started have ended when it returns. */
export async function runOnSpark(options: SparkRunOptions): Promise<void> {
  const { signal, module, target, job, preparation, folder, log } = options;
  signal.throwIfAborted();
  log.emit({ kind: "run.phase", text: "looking for Spark on this machine" });
  const spark = await findSpark({ python: target.spark.python, root: module.root, signal });
  if (target.spark.connect !== undefined) refuseWithoutConnect(spark);
  await refuseUnreachable({ target: target.spark, environment: process.env, signal });
  if (preparation) log.emit({ kind: "run.phase", text: "planning" });
  const describe = await preparation?.addressToDescribe();
  // before anything is started, where that can be: what is refused is refused at once
  let prepared = describe === undefined ? await preparation?.prepare(undefined) : undefined;
  const events = new SparkEvents(options);
  const work = async (described: SparkSchema | undefined): Promise<DriverWork> => {
    if (isScript(job)) return { script: job.path };
    prepared ??= await preparation?.prepare(described && columnsOfSchema(described, describe ?? ""));
    if (!prepared) throw new UdfError("RUN_FAILED", { what: "the job was not prepared" });
    return driverJob(prepared, folder.id);
  };
  try {
    const driven = await drive({ options, spark, events, describe, work });
    if (prepared && preparation) await tellResult({ options, preparation, prepared, driven, events });
  } catch (error) {
    signal.throwIfAborted();
    const doing = isScript(job) ? `running ${path.relative(module.root, job.path)}` : `computing the job ${job.name}`;
    if (error instanceof DriverRefusal) {
      throw refusalOf(error, { describe, prepared, isConnect: target.spark.connect !== undefined });
    }
    if (!(error instanceof DriverFailure)) throw error;
    throw await failureOnSpark({ text: error.text, executors: events.lastLines, root: module.root, doing });
  } finally {
    if (prepared?.destination.kind === "output") {
      removeTemporary(prepared.destination.output);
      rmSync(prepared.destination.parts, { recursive: true, force: true });
    }
    await events.close();
  }
}

function driverJob({ modules, input, sampleRows, map, reduce, destination }: PreparedJob, run: string): DriverJob {
  const output =
    destination.kind === "storage"
      ? { ...destination, previewRows, run }
      : { kind: "parts" as const, address: fileAddress(destination.parts) };
  return { script: null, modules, input, sampleRows: sampleRows ?? null, map, reduce, output };
}

type Telling = {
  options: SparkRunOptions;
  preparation: Preparation;
  prepared: PreparedJob;
  driven: Driven;
  events: SparkEvents;
};

/** Makes the result visible where that is left to do. */
async function tellResult({ options, preparation, prepared, driven, events }: Telling): Promise<void> {
  const { log, folder } = options;
  const { destination, columns } = prepared;
  if (destination.kind === "storage") {
    const { address, preview } = destination;
    const rows = driven.storedRows ?? 0;
    try {
      const shown = await preparation.preview({ files: [preview], format: "parquet", columns });
      log.emit({ kind: "result", path: address, ...shown, rows });
    } catch (error) {
      // it is there all the same
      const message = `The result is in ${address}. Its first rows cannot be shown: ${messageOf(error)}`;
      log.emit({ kind: "diagnostic", diagnostic: { severity: "warning", origin: "cluster", message, related: [] } });
      log.emit({ kind: "result", path: address, rows, columns, preview: [] });
    }
    return;
  }
  events.phase("writing the result");
  const { format, output } = destination;
  const files = await publish({ preparation, destination, folder });
  log.emit({ kind: "result", path: output.path, ...(await preparation.preview({ files, format, columns })) });
}

type Refused = { describe: string | undefined; prepared: PreparedJob | undefined; isConnect: boolean };

function refusalOf({ why, message }: DriverRefusal, { describe, prepared, isConnect }: Refused): UdfError {
  const output = prepared?.destination.kind === "storage" ? prepared.destination.address : "";
  switch (why) {
    case "input missing":
      return new UdfError("INPUT_MISSING", {
        what: "Spark finds nothing there",
        where: describe ?? "",
        next: "Correct input.path of the job, or put the data there.",
        details: message,
      });
    case "output exists":
      if (!isConnect) return exists({ shown: output });
      return new UdfError("OUTPUT_EXISTS", {
        what: "the output exists, and over Spark Connect nothing is replaced",
        where: output,
        next: "Change output.path of the job, or remove what is there yourself.",
      });
    case "output in the way":
      return new UdfError("OUTPUT_NOT_WRITABLE", {
        what: message,
        where: output,
        next: "Correct output.path of the job, or remove what is there yourself.",
      });
  }
}
