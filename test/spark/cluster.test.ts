import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import * as z from "zod";
import type { SparkTarget, Target } from "../../src/core/target.ts";
import { scaffold } from "../../src/scaffold/scaffold.ts";
import { FailingModule, query } from "../native/failing/failing-module.ts";
import { nativeUdf, projectRoot } from "../support/command-line.ts";
import { follow } from "../support/follow.ts";
import { type Spark, spark } from "../support/spark.ts";
import { type Cluster, startCluster } from "../support/spark-cluster.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { until } from "../support/until.ts";

const rows = 100_000;
/** The first number that a function fails at, see failing.cpp. */
const every = 40_007;

let installed: Spark;
let cluster: Cluster;
let module: FailingModule;

before(async () => {
  installed = await spark("4.3");
  Object.assign(process.env, installed.environment);
  [cluster, module] = await Promise.all([startCluster(installed), FailingModule.make()]);
  await module.writeNumbers("data/numbers.parquet", { rows });
});

after(async () => cluster?.stop());

/** An executor on each of the two workers. */
const both = { settings: { "spark.cores.max": 2 } };

/** One executor where nothing is said: each takes seconds of a processor to start. */
function onCluster(more: Partial<SparkTarget> = {}): Target {
  const settings = {
    ...{ "spark.task.maxFailures": 1, "spark.ui.enabled": false, "spark.executor.memory": "600m" },
    "spark.cores.max": 1,
  };
  const own = { kind: "spark" as const, master: cluster.master, python: installed.python, ...more };
  return { kind: "spark", name: "cluster", spark: { ...own, settings: { ...settings, ...more.settings } } };
}

describe("a job on a standalone cluster", () => {
  test("gives the rows of the local run, and tells of executors, tasks, progress and what they write", async () => {
    module.writeJob("halves", {
      map: "SELECT number, throws(number, 0) AS half, greets(name, number, 0) AS greeting FROM input",
      reduce:
        "SELECT number % 7 AS rest, count(*) AS n, sum(half) AS halves, min(greeting) AS first FROM mapped GROUP BY rest ORDER BY rest",
    });
    assert.equal((await module.submit("halves").finished).outcome, "succeeded");
    const local = await query(`FROM '${module.path("out/halves.parquet")}'`);
    const { summary, events } = await follow(module.submit("halves", { target: onCluster(both), overwrite: true }));
    assert.equal(summary.error, undefined);
    assert.equal(local.length, 7);
    assert.deepEqual(await query(`FROM '${module.path("out/halves.parquet")}'`), local);
    assert.equal(summary.outputRows, 7);
    assert.equal(summary.rows, rows);
    assert.equal(summary.target, "cluster");
    const kinds = new Set(events.map(({ kind }) => kind));
    for (const kind of ["run.started", "worker.started", "stage.progress", "part.finished", "result"] as const) {
      assert.ok(kinds.has(kind), kind);
    }
    assert.deepEqual(readdirSync(module.path("out")), ["halves.parquet"]);
  });

  test("that throws names the function, the row, and the line in C++", async () => {
    module.writeJob("throwing", { map: `SELECT number, throws(number, ${every}) AS half FROM input` });
    const { summary } = await follow(module.submit("throwing", { target: onCluster() }));
    assert.equal(summary.error?.code, "ROW_ERROR");
    assert.match(summary.error?.what ?? "", /throws\(\): the number 7/);
    const [diagnostic] = summary.diagnostics;
    const { file = "", line = 0 } = diagnostic?.location ?? {};
    assert.equal(`${file}:${line}`, module.markedLine("throws"));
    assert.match(summary.error?.where ?? "", /row \d+ of partition \d+/);
    assert.equal(existsSync(module.path("out/throwing.parquet")), false);
  });

  test("that crashes names the function, the row, and the line in C++", async () => {
    module.writeJob("crashing", { map: `SELECT number, crashes(number, ${every}) AS half FROM input` });
    const { summary } = await follow(module.submit("crashing", { target: onCluster() }));
    assert.equal(summary.error?.code, "WORKER_CRASHED");
    assert.match(summary.error?.what ?? "", /crashes\(\)/);
    const { file = "", line = 0 } = summary.diagnostics[0]?.location ?? {};
    assert.equal(`${file}:${line}`, module.markedLine("crashes"));
  });

  test("that does not come back ends at its time limit, with the line in C++", async () => {
    module.writeJob("spinning", { map: `SELECT number, spins(number, ${every}) AS half FROM input` });
    const { summary } = await follow(module.submit("spinning", { target: onCluster(), timeoutSeconds: 3 }));
    assert.equal(summary.error?.code, "WORKER_TIMEOUT");
    assert.match(summary.error?.what ?? "", /spins\(\)/);
    const { file = "", line = 0 } = summary.diagnostics[0]?.location ?? {};
    assert.equal(`${file}:${line}`, module.markedLine("spins"));
  });

  test("that is cancelled ends on the cluster, and leaves nothing", async () => {
    module.writeJob("endless", { map: `SELECT number, spins(number, ${every}) AS half FROM input` });
    const abort = new AbortController();
    const run = module.submit("endless", { target: onCluster(both), signal: abort.signal });
    const { summary } = await follow(run, (event) => {
      if (event.kind === "part.started") abort.abort();
    });
    assert.equal(summary.outcome, "cancelled");
    await until(() => cluster.workers.every((worker) => childrenOf(worker).length === 0));
    assert.equal(existsSync(module.path("out/endless.parquet")), false);
  });

  test("whose executor is killed in the middle still gives every row", async () => {
    module.writeJob("killed", { map: "SELECT number, throws(number, 0) AS half FROM input" });
    let killed = 0;
    const settings = { ...both.settings, "spark.task.maxFailures": 4, "spark.sql.files.maxPartitionBytes": "64k" };
    const run = module.submit("killed", { target: onCluster({ settings }) });
    const { summary } = await follow(run, (event) => {
      if (event.kind !== "part.started" || killed > 0) return;
      const [executor] = childrenOf(cluster.workers[0] ?? 0);
      if (executor === undefined) return;
      killed = executor;
      process.kill(executor, "SIGKILL");
    });
    assert.notEqual(killed, 0);
    assert.equal(summary.error, undefined);
    const [counted] = await query(
      `SELECT count(*)::INT, count(DISTINCT number)::INT FROM '${module.path("out/killed.parquet")}'`,
    );
    assert.deepEqual(counted, [rows, rows]);
  });
});

describe("the flights, as docs/spark.md has them", () => {
  test("give on the cluster, from the command line, row for row what they give on this machine", async () => {
    const folder = temporaryFolder("flights-on-spark");
    mkdirSync(path.join(folder, "node_modules"));
    const data = path.join("node_modules", "vega-datasets");
    symlinkSync(path.join(projectRoot, data), path.join(folder, data));
    const root = path.join(folder, "flight_features");
    await scaffold({ folder: root, template: "flights" });
    const submit = (target: string) => {
      const env = { ...installed.environment, NATIVE_UDF_PYTHON: installed.python };
      return nativeUdf(["submit", "by-origin", "--overwrite", "--target", target], { cwd: root, env });
    };
    const result = `FROM '${path.join(root, "out", "by-origin.parquet")}'`;
    assert.equal((await submit("local")).exitCode, 0);
    const local = await query(result);
    const { exitCode, stdout, stderr } = await submit(cluster.master);
    assert.equal(exitCode, 0, stderr);
    assert.equal(local.length, 229);
    assert.deepEqual(await query(result), local);
    assert.match(stdout, /3,000,000/);
    assert.match(stderr, /driver │ Spark 4\.3\.0 on spark:\/\/127\.0\.0\.1:/);
  });
});

describe("before a job begins on a cluster", () => {
  test("an output that is a file of the module's is refused, also with --overwrite", async () => {
    const output = { path: "native-udf.json", format: "ndjson" as const };
    module.writeJob("replaces", { map: "SELECT throws(number, 0) AS half FROM input", output });
    const { summary } = await follow(module.submit("replaces", { target: onCluster(), overwrite: true }));
    assert.equal(summary.error?.code, "OUTPUT_NOT_WRITABLE");
    assert.match(summary.error?.message ?? "", /it is a file that the job reads/);
    assert.equal(JSON.parse(readFileSync(module.path("native-udf.json"), "utf8")).name, "failing");
  });

  test("an artifact for another processor stops it with one line", async () => {
    const other = module.path("artifacts/arm64.udf.so");
    const bytes = readFileSync(module.built.artifactPath);
    bytes.writeUInt16LE(183, 18); // e_machine: EM_AARCH64
    mkdirSync(module.path("artifacts"), { recursive: true });
    writeFileSync(other, bytes);
    const manifest = { ...module.built.manifest, platform: { os: "linux", arch: "arm64" } };
    writeFileSync(module.path("jobs/nothing.py"), "raise SystemExit('it began')\n");
    const artifacts = [{ manifest, path: other }];
    const { summary } = await follow(module.submit("nothing", { target: onCluster(), artifacts }));
    assert.equal(summary.error?.code, "EXECUTOR_UNFIT");
    assert.match(summary.error?.message ?? "", /was built for arm64, and the executor's processor is/);
    assert.equal(summary.diagnostics.length, 1);
  });

  test("a floor of glibc that is too high stops it with one line", async () => {
    const manifest = { ...module.built.manifest, glibcFloor: "2.99" };
    const artifacts = [{ manifest, path: module.built.artifactPath }];
    module.writeJob("floor", { map: "SELECT throws(number, 0) AS half FROM input" });
    const { summary } = await follow(module.submit("floor", { target: onCluster(), artifacts }));
    assert.equal(summary.error?.code, "EXECUTOR_UNFIT");
    assert.match(summary.error?.message ?? "", /needs glibc 2\.99, and the executor has 2\./);
  });
});

test("doctor finds the Spark of the Python that is named, and Java", async () => {
  const env = { ...installed.environment, NATIVE_UDF_PYTHON: installed.python };
  const { stdout } = await nativeUdf(["doctor", "--json"], { cwd: module.root, env });
  const checks = new Map(doctorSchema.parse(JSON.parse(stdout)).checks.map((check) => [check.name, check]));
  assert.deepEqual(checks.get("Spark"), { name: "Spark", status: "ok", version: "4.3.0" });
  assert.equal(checks.get("Java")?.status, "ok");
});

const doctorSchema = z.object({
  checks: z.array(z.object({ name: z.string(), status: z.string(), version: z.string().optional() })),
});

describe("a PySpark script", () => {
  test("uses the functions as columns, and its output is the run's log", async () => {
    const script = [
      "import sys",
      "from pyspark.sql import SparkSession, functions as F",
      "from failing import spark as ff",
      "",
      "spark = SparkSession.builder.getOrCreate()",
      'rows = spark.read.parquet("data/numbers.parquet")',
      'total = rows.select(ff.throws("number", F.lit(0)).alias("half")).agg(F.sum("half")).first()[0]',
      'print("the halves are", total)',
      "sys.exit(0)",
    ];
    writeFileSync(module.path("jobs/script.py"), `${script.join("\n")}\n`);
    const { summary, events } = await follow(module.submit("script", { target: onCluster() }));
    assert.equal(summary.error, undefined);
    const total = (rows * (rows - 1)) / 4;
    const printed = events.flatMap((event) => (event.kind === "log" ? [event.text] : []));
    assert.ok(printed.includes(`the halves are ${total.toFixed(1)}`), printed.join("\n"));
  });

  test("takes its own modules along, which the executors have no file of", async () => {
    const script = [
      "from pyspark.sql import SparkSession, functions as F",
      "import beside",
      "",
      "spark = SparkSession.builder.getOrCreate()",
      'rows = spark.range(10).select(F.udf(beside.twice)("id"))',
      'print("the last is", rows.collect()[-1][0])',
    ];
    writeFileSync(module.path("jobs/import.py"), `${script.join("\n")}\n`);
    writeFileSync(module.path("jobs/beside.py"), "factor = 2\n\n\ndef twice(x):\n    return str(factor * x)\n");
    const { summary, events } = await follow(module.submit("import", { target: onCluster() }));
    assert.equal(summary.error, undefined);
    const printed = events.flatMap((event) => (event.kind === "log" ? [event.text] : []));
    assert.ok(printed.includes("the last is 18"), printed.join("\n"));
  });

  test("whose function uses a lock is told at its line before anything is computed", async () => {
    const script = [
      "import threading",
      "from pyspark.sql import SparkSession, functions as F",
      "",
      "spark = SparkSession.builder.getOrCreate()",
      "guards = {'rows': threading.Lock()}",
      "",
      "def guarded(x):",
      "    with guards['rows']:",
      "        return str(x)",
      "",
      'spark.range(10).select(F.udf(guarded)("id")).collect()',
    ];
    writeFileSync(module.path("jobs/guarded.py"), `${script.join("\n")}\n`);
    const guarded = await follow(module.submit("guarded", { target: onCluster() }));
    const [diagnostic] = guarded.summary.diagnostics;
    assert.deepEqual(diagnostic?.location, { file: "jobs/guarded.py", line: 11 });
    assert.equal(diagnostic?.origin, "serialize");
    const words = /guarded\(\) \(guarded\.py:7\) uses guards\['rows'\], a lock, which cannot be sent to the executors/;
    assert.match(guarded.summary.error?.message ?? "", words);
    assert.ok(!guarded.events.some(({ kind }) => kind === "stage.progress"), "nothing was submitted");
  });
});

describe("on Spark 3.5", () => {
  test("a job gives the rows of the local run, and a function that crashes its line", async () => {
    const older = await spark("3.5");
    const target: Target = {
      ...{ kind: "spark", name: "older" },
      spark: { kind: "spark", master: "local[1]", python: older.python, settings: { "spark.ui.enabled": false } },
    };
    // of the driver only: the cluster's Python is another one
    const kept = process.env.PYSPARK_PYTHON;
    process.env.PYSPARK_PYTHON = older.python;
    try {
      const { summary } = await follow(module.submit("halves", { target, overwrite: true }));
      assert.equal(summary.error, undefined);
      const sums = await query(`SELECT sum(n)::INT, sum(halves) FROM '${module.path("out/halves.parquet")}'`);
      assert.deepEqual(sums, [[rows, (rows * (rows - 1)) / 4]]);
      const failed = await follow(module.submit("crashing", { target }));
      assert.equal(failed.summary.error?.code, "WORKER_CRASHED");
      const { file = "", line = 0 } = failed.summary.diagnostics.at(-1)?.location ?? {};
      assert.equal(`${file}:${line}`, module.markedLine("crashes"));
    } finally {
      process.env.PYSPARK_PYTHON = kept;
    }
  });
});

/** Processes that a process has started, by their ids, without those that have ended: Java leaves some unreaped. */
function childrenOf(pid: number): number[] {
  const listed = execFileSync("ps", ["-e", "-o", "pid=,ppid=,stat="], { encoding: "utf8" });
  return listed
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([child, parent, state]) => (Number(parent) === pid && !state?.startsWith("Z") ? [Number(child)] : []));
}
