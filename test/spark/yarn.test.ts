import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Target } from "../../src/core/target.ts";
import { FailingModule, query } from "../native/failing/failing-module.ts";
import { follow } from "../support/follow.ts";
import { type Application, type Hadoop, startHadoop } from "../support/hadoop-cluster.ts";
import { type Spark, spark } from "../support/spark.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const rows = 20_000;
/** The first number that a function fails at, see failing.cpp. */
const every = 10_007;

let installed: Spark;
let hadoop: Hadoop;
let module: FailingModule;

before(async () => {
  installed = await spark("4.3");
  Object.assign(process.env, installed.environment);
  [hadoop, module] = await Promise.all([startHadoop(installed), FailingModule.make()]);
  process.env.HADOOP_CONF_DIR = hadoop.configuration;
  await module.writeNumbers("data/numbers.parquet", { rows });
});

after(async () => hadoop?.stop());

function onYarn(more: Record<string, string> = {}): Target {
  const settings = {
    "spark.task.maxFailures": 1,
    "spark.ui.enabled": false,
    "spark.executor.instances": 1,
    "spark.executor.memory": "600m",
    "spark.yarn.am.memory": "256m",
    "spark.yarn.appMasterEnv.SPARK_LOCAL_IP": "127.0.0.1",
    // as files of every node; else they would be uploaded
    "spark.yarn.jars": `local:${installed.home}/jars/*`,
    ...more,
  };
  return { kind: "spark", name: "yarn", spark: { kind: "spark", master: "yarn", python: installed.python, settings } };
}

/** The newest application, when nothing of it runs any more. */
async function ended(): Promise<Application> {
  for (;;) {
    const last = (await hadoop.applications()).at(-1);
    // -1 where YARN has forgotten the containers already
    if (last && last.runningContainers <= 0) return last;
    await delay(50);
  }
}

const halves = {
  map: "SELECT number, throws(number, 0) AS half, greets(name, number, 0) AS greeting FROM input",
  reduce:
    "SELECT number % 7 AS rest, count(*) AS n, sum(half) AS halves, min(greeting) AS first FROM mapped GROUP BY rest ORDER BY rest",
};

describe("a job on YARN, whose default storage is HDFS", () => {
  let local: unknown[][];
  before(async () => {
    module.writeJob("halves", halves);
    assert.equal((await module.submit("halves").finished).outcome, "succeeded");
    local = await query(`FROM '${module.path("out/halves.parquet")}'`);
    assert.equal(local.length, 7);
    await hadoop.write("/data/numbers.parquet", readFileSync(module.path("data/numbers.parquet")));
  });

  test("reads and writes HDFS, gives the rows of the local run, and ends its application", async () => {
    const input = { path: `${hadoop.hdfs}/data/numbers.parquet` };
    module.writeJob("stored", { ...halves, input, output: { path: `${hadoop.hdfs}/results/halves/` } });
    const { summary, events } = await follow(module.submit("stored", { target: onYarn() }));
    assert.equal(summary.error, undefined);
    assert.equal(summary.outputRows, 7);
    assert.deepEqual(await hadoop.list("/results"), ["halves"]);
    const parts = (await hadoop.list("/results/halves")).filter((name) => name.endsWith(".parquet"));
    const copies = temporaryFolder("parts");
    for (const part of parts) writeFileSync(path.join(copies, part), await hadoop.read(`/results/halves/${part}`));
    assert.deepEqual(await query(`FROM '${copies}/*.parquet' ORDER BY rest`), local);
    const kinds = new Set(events.map(({ kind }) => kind));
    for (const kind of ["run.started", "worker.started", "stage.progress", "part.finished", "result"] as const) {
      assert.ok(kinds.has(kind), kind);
    }
    const { state, finalStatus } = await ended();
    assert.deepEqual({ state, finalStatus }, { state: "FINISHED", finalStatus: "SUCCEEDED" });
  });

  test("that is cancelled ends its application, and leaves no container and no file", async () => {
    module.writeJob("endless", { map: `SELECT number, spins(number, ${every}) AS half FROM input` });
    const abort = new AbortController();
    const run = module.submit("endless", { target: onYarn(), signal: abort.signal });
    const { summary } = await follow(run, (event) => {
      if (event.kind === "part.started") abort.abort();
    });
    assert.equal(summary.outcome, "cancelled");
    const { state } = await ended();
    assert.ok(["FINISHED", "KILLED"].includes(state), state);
    assert.equal(existsSync(module.path("out/endless.parquet")), false);
    assert.deepEqual(await hadoop.list(`/user/${userInfo().username}/.sparkStaging`), []);
  });

  test("that is cancelled while it waits in its queue is taken out of it", async () => {
    const known = (await hadoop.applications()).length;
    const abort = new AbortController();
    const run = module.submit("halves", {
      target: onYarn({ "spark.yarn.queue": "waiting" }),
      ...{ overwrite: true, signal: abort.signal },
    });
    const isWaiting = async () => (await hadoop.applications())[known]?.state === "ACCEPTED";
    while (!(await isWaiting())) await delay(50);
    abort.abort();
    assert.equal((await run.finished).outcome, "cancelled");
    assert.equal((await hadoop.applications()).at(-1)?.state, "KILLED");
  });
});

test("a script on YARN that throws names the line in C++, and has what its executor wrote, live, each line once", async () => {
  const seen = path.join(temporaryFolder("seen"), "seen");
  const script = [
    "import os, sys, time",
    "from pyspark.sql import SparkSession, functions as F",
    "from failing import spark as ff",
    "",
    "spark = SparkSession.builder.getOrCreate()",
    "",
    "def talk(part):",
    "    for number in range(10000):",
    "        print(f'said {part} {number} süß', file=sys.stderr)",
    "    sys.stderr.flush()",
    `    while not os.path.exists(${JSON.stringify(seen)}):`,
    "        time.sleep(0.01)",
    "    return part",
    "",
    "print('talked', spark.sparkContext.parallelize([0, 1], 2).map(talk).collect())",
    `spark.read.parquet("/data/numbers.parquet").select(ff.throws("number", F.lit(${every}))).collect()`,
  ];
  writeFileSync(module.path("jobs/talk.py"), `${script.join("\n")}\n`);
  const { summary, events } = await follow(module.submit("talk", { target: onYarn() }), (event) => {
    if (event.kind === "log" && event.text === "said 0 9999 süß") writeFileSync(seen, "");
  });
  assert.equal(summary.error?.code, "ROW_ERROR");
  assert.match(summary.error?.what ?? "", /throws\(\): the number 7/);
  assert.match(summary.error?.where ?? "", /row 7 of partition 0/);
  const { file = "", line = 0 } = summary.diagnostics[0]?.location ?? {};
  assert.equal(`${file}:${line}`, module.markedLine("throws"));
  const lines = events.flatMap((event) => (event.kind === "log" ? [event.text] : []));
  assert.ok(lines.includes("talked [0, 1]"), lines.slice(-40).join("\n"));
  const said = lines.filter((each) => each.startsWith("said "));
  const expected = [0, 1].flatMap((part) =>
    Array.from({ length: 10_000 }, (_, number) => `said ${part} ${number} süß`),
  );
  assert.equal(said.length, expected.length);
  assert.deepEqual(said, expected);
});

test("a target on YARN without the cluster's configuration is refused before anything is started", async () => {
  const kept = process.env.HADOOP_CONF_DIR;
  const run = async () => (await module.submit("halves", { target: onYarn(), overwrite: true }).finished).error;
  try {
    delete process.env.HADOOP_CONF_DIR;
    const unset = await run();
    assert.equal(unset?.code, "TARGET_UNSET");
    assert.match(unset?.message ?? "", /HADOOP_CONF_DIR is not set/);
    process.env.HADOOP_CONF_DIR = temporaryFolder("no-configuration");
    assert.match((await run())?.message ?? "", /yarn-site\.xml: YARN's configuration is not there/);
  } finally {
    process.env.HADOOP_CONF_DIR = kept;
  }
});
