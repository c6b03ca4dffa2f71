import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Spark } from "../../toolchain/spark.ts";
import { isScript } from "../job-files.ts";
import { DriverProcess } from "./driver-process.ts";
import { launchOf, propertiesFile } from "./launch.ts";
import type { DriverRequest, DriverWork, FromDriver } from "./messages.ts";
import type { SparkRunOptions } from "./options.ts";
import { refuseUnfit } from "./preflight.ts";
import { settingsOf } from "./settings.ts";
import type { SparkEvents } from "./spark-events.ts";
import type { SparkSchema } from "./spark-schema.ts";
import { yarnMaster } from "./yarn.ts";

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

type Refusal = Extract<FromDriver, { kind: "refused" }>;

/** What stands against the run, seen by the driver before anything was computed. */
export class DriverRefusal extends Error {
  readonly why: Refusal["why"];

  constructor({ why, text }: Refusal) {
    super(text);
    this.why = why;
  }
}

type Driving = {
  options: SparkRunOptions;
  spark: Spark;
  events: SparkEvents;
  /** An address whose columns the work waits for. */
  describe: string | undefined;
  /** What the session is to compute. */
  work: (described: SparkSchema | undefined) => Promise<DriverWork>;
};

/** How many rows are in the storage that the work wrote to; undefined where it wrote to none. */
export type Driven = { storedRows: number | undefined };

/** Starts the driver and waits for it to have done its work. */
export async function drive({ options, spark, events, describe, work }: Driving): Promise<Driven> {
  const { module, job, target, artifacts, folder, signal } = options;
  let failure: string | undefined;
  let refusal: Refusal | undefined;
  let isDone = false;
  let storedRows: number | undefined;
  let hasSession = false;
  let confirm: () => void = () => undefined;
  const cancelled = new Promise<void>((resolve) => {
    confirm = resolve;
  });
  let refuse: (error: unknown) => void = () => undefined;
  const refused = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  refused.catch(() => undefined); // it is waited for below
  const begin = async (described?: SparkSchema) => {
    try {
      const begun = await work(described);
      events.phase(isScript(job) ? "running the script" : "computing");
      driver.send({ kind: "begin", work: begun });
    } catch (error) {
      refuse(error);
    }
  };
  const end = async () => {
    await events.catchUp();
    driver.send({ kind: "end" });
  };
  const take = (message: FromDriver) => {
    if (message.kind === "failed" || message.kind === "done" || message.kind === "refused") void end();
    if (message.kind === "failed") failure = message.text;
    else if (message.kind === "done") isDone = true;
    else if (message.kind === "refused") refusal = message;
    else if (message.kind === "stored") storedRows = message.rows;
    else if (message.kind === "described") void begin(message.schema);
    else if (message.kind === "cancelled") confirm();
    else if (message.kind === "executors") {
      try {
        refuseUnfit(
          message.hosts,
          artifacts.map(({ manifest }) => manifest),
        );
        events.started(message.hosts);
        if (describe === undefined) void begin();
        else events.phase("looking at the input");
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
    // without a session there is nothing on the cluster that could go on, but what waits its turn on YARN
    if (hasSession || target.spark.master === yarnMaster) {
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
    driver.send(requestOf(options, describe));
    const exit = await Promise.race([driver.exited, refused]);
    signal.throwIfAborted();
    if (isDone) return { storedRows };
    if (refusal) throw new DriverRefusal(refusal);
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

function requestOf(options: SparkRunOptions, describe: string | undefined): DriverRequest {
  const { module, target, job, preparation } = options;
  const { connect = null } = target.spark;
  const settings = connect === null ? {} : settingsOf(target.spark, process.env);
  const sqlSettings = preparation?.sqlSettings ?? {};
  const about = { name: `native-udf ${job.name}`, connect, settings, sqlSettings, stubs: [module.stubs] };
  return { kind: "run", ...about, describe: describe ?? null };
}
