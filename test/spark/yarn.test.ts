import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { RunEvent } from "../../src/core/events.ts";
import type { Target } from "../../src/core/target.ts";
import type { Run, RunSummary } from "../../src/run/submit.ts";
import { FailingModule, query } from "../native/failing/failing-module.ts";
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

function onYarn(): Target {
  const settings = {
    "spark.task.maxFailures": 1,
    "spark.ui.enabled": false,
    "spark.executor.instances": 1,
    "spark.executor.memory": "600m",
    "spark.yarn.am.memory": "256m",
    "spark.yarn.appMasterEnv.SPARK_LOCAL_IP": "127.0.0.1",
    "spark.yarn.jars": `local:${installed.home}/jars/*`,
    "spark.yarn.stagingDir": `file://${temporaryFolder("staging")}`,
  };
  return { kind: "spark", name: "yarn", spark: { kind: "spark", master: "yarn", python: installed.python, settings } };
}

type Followed = { summary: RunSummary; events: RunEvent[] };

async function follow(run: Run, onEvent: (event: RunEvent) => void = () => undefined): Promise<Followed> {
  const events: RunEvent[] = [];
  for await (const event of run.events) {
    events.push(event);
    onEvent(event);
  }
  return { summary: await run.finished, events };
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

describe("a job on YARN", () => {
  test("gives the rows of the local run, and ends its application", async () => {
    module.writeJob("halves", {
      map: "SELECT number, throws(number, 0) AS half, greets(name, number, 0) AS greeting FROM input",
      reduce:
        "SELECT number % 7 AS rest, count(*) AS n, sum(half) AS halves, min(greeting) AS first FROM mapped GROUP BY rest ORDER BY rest",
    });
    assert.equal((await module.submit("halves").finished).outcome, "succeeded");
    const local = await query(`FROM '${module.path("out/halves.parquet")}'`);
    const { summary, events } = await follow(module.submit("halves", { target: onYarn(), overwrite: true }));
    assert.equal(summary.error, undefined);
    assert.equal(local.length, 7);
    assert.deepEqual(await query(`FROM '${module.path("out/halves.parquet")}'`), local);
    assert.equal(summary.outputRows, 7);
    const kinds = new Set(events.map(({ kind }) => kind));
    for (const kind of ["run.started", "worker.started", "stage.progress", "part.finished", "result"] as const) {
      assert.ok(kinds.has(kind), kind);
    }
    const { state, finalStatus } = await ended();
    assert.deepEqual({ state, finalStatus }, { state: "FINISHED", finalStatus: "SUCCEEDED" });
  });

  test("that is cancelled ends its application, and leaves no container", async () => {
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
    `spark.read.parquet("file:${module.path("data/numbers.parquet")}").select(ff.throws("number", F.lit(${every}))).collect()`,
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
