/*
 * Records the failures of test/fixtures/spark-failures/own anew: runs each folder's script.py on a real Spark, and keeps
 * the driver's log, the exception's text and what the executors wrote. `npm run record` for all, `npm run record --
 * native` for those that have "native" in their name. What is expected of them, expect.json, is written by hand.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, hostname } from "node:os";
import path from "node:path";
import * as z from "zod";
import { nodeEnvironment } from "../../../src/toolchain/node-environment.ts";
import { FailingModule } from "../../native/failing/failing-module.ts";
import { projectRoot } from "../../support/command-line.ts";
import { type Spark, type SparkSeries, spark } from "../../support/spark.ts";
import { startCluster, startConnectServer } from "../../support/spark-cluster.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { neutral, shortened } from "./neutral.ts";

const recorded = path.join(projectRoot, "test/fixtures/spark-failures/own");
const program = path.join(import.meta.dirname, "session.py");
const runSchema = z.object({ as: z.string() });

/** Where a folder's script runs is the end of its name. */
const places = ["43-local", "43-cluster", "43-connect", "35-local"] as const;
type Place = (typeof places)[number];

type Session = { spark: Spark; connect?: string; settings: Record<string, string>; executors?: string };

async function record(place: Place, names: readonly string[], stubs: string): Promise<void> {
  const installed = await spark(place.startsWith("43") ? ("4.3" satisfies SparkSeries) : "3.5");
  if (place.endsWith("local")) {
    await run(
      { spark: installed, settings: { "spark.master": "local[2]", "spark.ui.enabled": "false" } },
      names,
      stubs,
    );
  } else if (place.endsWith("connect")) {
    const server = await startConnectServer(installed, "local[2]");
    try {
      await run({ spark: installed, connect: server.url, settings: {} }, names, stubs);
    } finally {
      await server.stop();
    }
  } else {
    const cluster = await startCluster(installed);
    const settings = {
      "spark.master": cluster.master,
      "spark.ui.enabled": "false",
      "spark.executor.memory": "600m",
      "spark.task.maxFailures": "1",
      "spark.driver.maxResultSize": "4m",
    };
    try {
      const executors = path.join(cluster.work, "worker-*/app-*/*/stderr");
      await run({ spark: installed, settings, executors }, names, stubs);
    } finally {
      await cluster.stop();
    }
  }
}

async function run(session: Session, names: readonly string[], stubs: string): Promise<void> {
  const folder = temporaryFolder("record");
  const [asked, log] = [path.join(folder, "asked.json"), path.join(folder, "driver.log")];
  const cases = names.map((name) => {
    const own = path.join(recorded, name);
    for (const file of logsOf(own)) rmSync(path.join(own, file));
    const how = path.join(own, "run.json");
    return {
      name,
      folder: own,
      as: existsSync(how) ? runSchema.parse(JSON.parse(readFileSync(how, "utf8"))).as : null,
    };
  });
  const { connect = null, settings, executors = "" } = session;
  writeFileSync(asked, JSON.stringify({ connect, settings, executors, stubs, cases }));
  const output = openSync(log, "a");
  const child = spawn(session.spark.python, [program, asked], {
    cwd: folder,
    env: { ...nodeEnvironment(), ...session.spark.environment, PYTHONUNBUFFERED: "1" },
    stdio: ["ignore", output, output],
  });
  const [exitCode] = await once(child, "exit");
  closeSync(output);
  const text = readFileSync(log, "utf8");
  if (exitCode !== 0) throw new Error(`the session ended with ${exitCode}:\n${text.slice(-4000)}`);
  const parts = text.split(/\n=== (.*)\n/);
  for (const { name, folder: own } of cases) {
    writeFileSync(path.join(own, "driver.log"), parts[parts.indexOf(name) + 1] ?? "");
    const known = {
      [own]: "/home/ada/job",
      [recorded]: "/home/ada/jobs",
      [path.dirname(stubs)]: "/home/ada/failing",
      [path.dirname(path.dirname(session.spark.python))]: "/opt/venv",
      ...(executors === "" ? {} : { [executors.slice(0, executors.indexOf("/worker-"))]: "/opt/spark/work" }),
      [folder]: "/home/ada",
      [hostname()]: "node-1",
      [homedir()]: "/home/ada",
    };
    for (const file of logsOf(own)) {
      const raw = readFileSync(path.join(own, file), "utf8");
      writeFileSync(path.join(own, file), shortened(neutral(raw, known)));
    }
  }
}

function logsOf(folder: string): string[] {
  return readdirSync(folder).filter((file) => /\.log$|^exception\.txt$/.test(file));
}

const wanted = process.argv.slice(2);
const names = readdirSync(recorded).filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const stubs = path.join((await FailingModule.make()).root, "stubs");
for (const place of places) {
  const there = names.filter((name) => name.endsWith(place));
  if (there.length === 0) continue;
  process.stdout.write(`${place}: ${there.length} failures\n`);
  await record(place, there, stubs);
}
