import { rmSync } from "node:fs";
import path from "node:path";
import { findSpark } from "../../toolchain/spark.ts";
import { isScript } from "../job-files.ts";
import { removeTemporary } from "../output.ts";
import { DriverFailure, drive } from "./drive.ts";
import { failureOnSpark } from "./failure.ts";
import { refuseWithoutConnect } from "./launch.ts";
import type { SparkRunOptions } from "./options.ts";
import { publish } from "./publish.ts";
import { refuseUnreachable } from "./reach.ts";
import { SparkEvents } from "./spark-events.ts";

/** Runs a job or a script on Spark. Throws what failed; the driver and what it started have ended when it returns. */
export async function runOnSpark(options: SparkRunOptions): Promise<void> {
  const { signal, module, target, job, preparation, log } = options;
  signal.throwIfAborted();
  log.emit({ kind: "run.phase", text: "looking for Spark on this machine" });
  const spark = await findSpark({ python: target.spark.python, signal });
  if (target.spark.connect !== undefined) refuseWithoutConnect(spark);
  await refuseUnreachable({ target: target.spark, environment: process.env, signal });
  if (preparation) log.emit({ kind: "run.phase", text: "planning" });
  const prepared = await preparation?.prepare();
  const events = new SparkEvents(options);
  const parts = prepared && `${prepared.output.temporary}.spark`;
  try {
    await drive({ options, spark, events, prepared, parts });
    if (!prepared || !parts || !preparation) return;
    events.phase("writing the result");
    const files = await publish({ preparation, prepared, parts, folder: options.folder });
    const { columns, format, output } = prepared;
    log.emit({ kind: "result", path: output.path, ...(await preparation.preview({ files, format, columns })) });
  } catch (error) {
    signal.throwIfAborted();
    const doing = isScript(job) ? `running ${path.relative(module.root, job.path)}` : `computing the job ${job.name}`;
    if (!(error instanceof DriverFailure)) throw error;
    throw await failureOnSpark({ text: error.text, executors: events.lastLines, root: module.root, doing });
  } finally {
    await events.close();
    if (prepared) removeTemporary(prepared.output);
    if (parts) rmSync(parts, { recursive: true, force: true });
  }
}
