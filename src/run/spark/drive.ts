import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { UdfError } from "../../core/error.ts";
import type { Spark } from "../../toolchain/spark.ts";
import { isScript } from "../job-files.ts";
import { DriverProcess } from "./driver-process.ts";
import { launchOf, propertiesFile } from "./launch.ts";
import type { DriverJob, DriverRequest, FromDriver } from "./messages.ts";
import type { SparkRunOptions } from "./options.ts";
import { refuseUnfit } from "./preflight.ts";
import type { PreparedJob } from "./prepared-job.ts";
import { settingsOf } from "./settings.ts";
import type { SparkEvents } from "./spark-events.ts";

/** How long a cluster may take to say that a cancelled job has ended. */
const cancelMilliseconds = 20_000;
/** How long a driver that has done its work may take to end. */
const endMilliseconds = 30_000;

/** What the driver's process said of its failure. */
export class DriverFailure extends Error {
  readonly text: string;

  constructor(text: string) {
    super("the driver failed");
    this.text = text;
  }
}

type Driving = {
  options: SparkRunOptions;
  spark: Spark;
  events: SparkEvents;
  prepared: PreparedJob | undefined;
  parts: string | undefined;
};

/** Starts the driver and waits for it to have done its work. */
export async function drive({ options, spark, events, prepared, parts }: Driving): Promise<void> {
  const { module, job, target, artifacts, folder, signal } = options;
  let failure: string | undefined;
  let isDone = false;
  let hasSession = false;
  let confirm: () => void = () => undefined;
  const cancelled = new Promise<void>((resolve) => {
    confirm = resolve;
  });
  let refuse: (error: unknown) => void = () => undefined;
  const unfit = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  unfit.catch(() => undefined); // it is waited for below
  const take = (message: FromDriver) => {
    if (message.kind === "failed") failure = message.text;
    else if (message.kind === "done") isDone = true;
    else if (message.kind === "cancelled") confirm();
    else if (message.kind === "executors") {
      try {
        refuseUnfit(
          message.hosts,
          artifacts.map(({ manifest }) => manifest),
        );
        events.started(message.hosts);
        events.phase(isScript(job) ? "running the script" : "computing");
        driver.send({ kind: "begin" });
      } catch (error) {
        refuse(error);
      }
    } else {
      hasSession ||= message.kind === "session";
      events.take(message);
      if (message.kind === "session") events.phase("looking at the executors");
    }
  };
  const { connect } = target.spark;
  events.phase(connect === undefined ? "starting Spark" : "connecting to Spark");
  const { command, args, environment } = launchOf({ options, spark });
  const driver = await DriverProcess.start({
    ...{ command, args, cwd: module.root, environment, onMessage: take },
    onLines: (stream, lines) => events.driverLines(stream, lines),
  });
  if (isScript(job)) events.driverStarted(driver.pid);
  const onAbort = async () => {
    // without a session there is nothing on the cluster that could go on
    if (hasSession) {
      driver.send({ kind: "cancel" });
      await Promise.race([cancelled, driver.exited, delay(cancelMilliseconds, undefined, { ref: false })]);
    }
    await driver.end();
  };
  let aborting: Promise<void> | undefined;
  const abort = () => {
    aborting ??= onAbort();
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    const work = isScript(job) ? { script: job.path } : sparkJob(prepared, parts);
    driver.send(requestOf({ options, work, sqlSettings: prepared?.sqlSettings ?? {} }));
    const exit = await Promise.race([driver.exited, unfit]);
    signal.throwIfAborted();
    if (isDone) return;
    const how = exit.signal ?? `exit code ${exit.exitCode}`;
    throw new DriverFailure(failure ?? [`The driver ended with ${how}.`, ...events.driverLog].join("\n"));
  } finally {
    signal.removeEventListener("abort", abort);
    await aborting;
    if (isDone) await Promise.race([driver.exited, delay(endMilliseconds, undefined, { ref: false })]);
    await driver.end();
    rmSync(propertiesFile(folder), { force: true });
  }
}

function sparkJob(prepared: PreparedJob | undefined, parts: string | undefined): DriverJob {
  if (!prepared || !parts) throw new UdfError("RUN_FAILED", { what: "the job was not prepared" });
  const { modules, files, sampleRows = null, map, reduce } = prepared;
  return { script: null, modules, files, sampleRows, map, reduce, parts };
}

type Requested = {
  options: SparkRunOptions;
  work: DriverJob | { script: string };
  sqlSettings: Readonly<Record<string, string>>;
};

function requestOf({ options, work, sqlSettings }: Requested): DriverRequest {
  const { module, target, job } = options;
  const { connect = null } = target.spark;
  const settings = connect === null ? {} : settingsOf(target.spark, process.env);
  const about = { name: `native-udf ${job.name}`, connect, settings, sqlSettings, stubs: [module.stubs] };
  return { kind: "run", ...about, ...work };
}
