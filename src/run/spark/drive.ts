import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { SparkTarget } from "../../core/target.ts";
import type { Spark } from "../../toolchain/spark.ts";
import { isScript } from "../job-files.ts";
import { DriverAnswers, type Refusal } from "./driver-answers.ts";
import { DriverProcess } from "./driver-process.ts";
import { launchOf, propertiesFile } from "./launch.ts";
import type { DriverRequest, DriverWork } from "./messages.ts";
import type { SparkRunOptions } from "./options.ts";
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
  const { module, job, target, folder, signal } = options;
  events.phase(target.spark.connect === undefined ? "starting Spark" : "connecting to Spark");
  const answers = new DriverAnswers({
    ...{ run: options, events, describe, work },
    send: (message) => driver?.send(message),
  });
  let driver: DriverProcess | undefined;
  let cancelling: Promise<void> | undefined;
  const onAbort = () => {
    if (driver) cancelling ??= cancel(driver, answers, target.spark);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const { command, args, environment } = launchOf({ options, spark });
    driver = await DriverProcess.start({
      ...{ command, args, cwd: module.root, environment },
      onMessage: (message) => answers.take(message),
      onLines: (stream, lines) => events.driverLines(stream, lines),
    });
    if (isScript(job)) events.driverStarted(driver.pid);
    if (signal.aborted) onAbort();
    driver.send(requestOf(options, describe));
    await Promise.race([answers.refused, untilItIsOver(driver, answers)]);
    if (answers.isPublished) return { storedRows: answers.storedRows };
    signal.throwIfAborted();
    if (answers.isDone) return { storedRows: undefined };
    if (answers.refusal) throw new DriverRefusal(answers.refusal);
    throw new DriverFailure(answers.failure ?? (await unsaid(driver, events)));
  } finally {
    signal.removeEventListener("abort", onAbort);
    try {
      await cancelling;
      await driver?.end();
    } finally {
      rmSync(propertiesFile(folder), { force: true });
    }
  }
}

/** Until the driver has ended, or has had long enough to end after it said how its work did. */
async function untilItIsOver({ exited }: DriverProcess, { ended }: DriverAnswers): Promise<void> {
  const ending = ended.then(() => delay(endMilliseconds, undefined, { ref: false }));
  await Promise.race([exited, ending]);
}

/** Of a driver that went without a word. */
async function unsaid(driver: DriverProcess, events: SparkEvents): Promise<string> {
  const { signal, exitCode } = await driver.exited;
  return [`The driver ended with ${signal ?? `exit code ${exitCode}`}.`, ...events.driverLog].join("\n");
}

/** Ends what the cluster computes, and then the driver. */
async function cancel(driver: DriverProcess, answers: DriverAnswers, { master }: SparkTarget): Promise<void> {
  // without a session there is nothing on the cluster that could go on, but what waits its turn on YARN
  if (answers.hasSession || master === yarnMaster) {
    driver.send({ kind: "cancel" });
    const over = Promise.race([answers.cancelled, driver.exited]);
    await Promise.race([over, delay(cancelMilliseconds, undefined, { ref: false })]);
    if (answers.isPublishing) await over;
  }
  await driver.end();
}

function requestOf(options: SparkRunOptions, describe: string | undefined): DriverRequest {
  const { module, target, job, preparation } = options;
  const { connect = null } = target.spark;
  const settings = connect === null ? {} : settingsOf(target.spark, process.env);
  const sqlSettings = preparation?.sqlSettings ?? {};
  const about = { name: `native-udf ${job.name}`, connect, settings, sqlSettings, stubs: [module.stubs] };
  return { kind: "run", ...about, describe: describe ?? null };
}
