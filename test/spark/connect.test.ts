import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { Target } from "../../src/core/target.ts";
import { FailingModule, query } from "../native/failing/failing-module.ts";
import { follow } from "../support/follow.ts";
import { type Spark, spark } from "../support/spark.ts";
import { type ConnectServer, startConnectServer } from "../support/spark-cluster.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const rows = 100_000;
/** A number that a function fails at, see failing.cpp. */
const every = 40_007;
const halves = {
  map: "SELECT number, throws(number, 0) AS half FROM input",
  reduce: "SELECT number % 7 AS rest, count(*) AS n, sum(half) AS halves FROM mapped GROUP BY rest ORDER BY rest",
};

let installed: Spark;
let server: ConnectServer;
let module: FailingModule;
let target: Target;

before(async () => {
  installed = await spark("4.3");
  Object.assign(process.env, installed.environment);
  [server, module] = await Promise.all([startConnectServer(installed, "local[2]"), FailingModule.make()]);
  await module.writeNumbers("data/numbers.parquet", { rows });
  target = {
    ...{ kind: "spark", name: "connect" },
    spark: { kind: "spark", connect: server.url, python: installed.python, settings: {} },
  };
});

after(async () => server?.stop());

describe("over Spark Connect", () => {
  test("a job gives the rows of the local run, and a function that throws its line", async () => {
    module.writeJob("halves", halves);
    module.writeJob("throwing", { map: `SELECT number, throws(number, ${every}) AS half FROM input` });
    const { summary, events } = await follow(module.submit("halves", { target, overwrite: true }));
    assert.equal(summary.error, undefined);
    const sums = await query(`SELECT sum(n)::INT, sum(halves) FROM '${module.path("out/halves.parquet")}'`);
    assert.deepEqual(sums, [[rows, (rows * (rows - 1)) / 4]]);
    assert.ok(events.some(({ kind }) => kind === "stage.progress"));
    const failed = await follow(module.submit("throwing", { target }));
    assert.equal(failed.summary.error?.code, "ROW_ERROR");
    const { file = "", line = 0 } = failed.summary.diagnostics.at(-1)?.location ?? {};
    assert.equal(`${file}:${line}`, module.markedLine("throws"));
  });

  test("a script takes its own modules along, and what cannot be sent is told at its line", async () => {
    const script = [
      "from pyspark.sql import SparkSession, functions as F",
      "from other import thrice",
      "",
      "spark = SparkSession.builder.getOrCreate()",
      'print("the last is", spark.range(10).select(F.udf(thrice)("id")).collect()[-1][0])',
      "numbers = iter(n for n in range(3))",
      'spark.range(10).select(F.udf(lambda x: next(numbers))("id")).collect()',
    ];
    writeFileSync(module.path("jobs/connect.py"), `${script.join("\n")}\n`);
    writeFileSync(module.path("jobs/other.py"), "def thrice(x):\n    return str(3 * x)\n");
    const { summary, events } = await follow(module.submit("connect", { target }));
    const printed = events.flatMap((event) => (event.kind === "log" ? [event.text] : []));
    assert.ok(printed.includes("the last is 27"), printed.join("\n"));
    assert.match(
      summary.error?.message ?? "",
      /<lambda> \(connect\.py:7\) uses numbers, a generator, which cannot be sent/,
    );
    assert.deepEqual(summary.diagnostics[0]?.location, { file: "jobs/connect.py", line: 7 });
  });

  test("a module that the executors have not is told at the line that imports it, with what to do", async () => {
    const script = [
      "from pyspark.sql import SparkSession, functions as F",
      "",
      "spark = SparkSession.builder.getOrCreate()",
      "",
      "def score(x):",
      "    import model_of_the_laptop",
      "    return model_of_the_laptop.score(x)",
      "",
      'spark.range(10).select(F.udf(score)("id")).collect()',
    ];
    writeFileSync(module.path("jobs/lacking.py"), `${script.join("\n")}\n`);
    const { summary } = await follow(module.submit("lacking", { target }));
    assert.match(summary.error?.message ?? "", /No module named 'model_of_the_laptop'/);
    assert.match(summary.error?.next ?? "", /executor|addArtifact|addPyFile|install/i);
    assert.deepEqual(summary.diagnostics[0]?.location, { file: "jobs/lacking.py", line: 6 });
  });

  test("reads and writes at addresses, and replaces nothing there", async () => {
    const storage = `file://${temporaryFolder("storage")}`;
    await query(`COPY (FROM '${module.path("data/numbers.parquet")}') TO '${storage.slice(7)}/numbers.parquet'`);
    const input = { path: `${storage}/numbers.parquet` };
    const output = { path: `${storage}/result/` };
    module.writeJob("there", { ...halves, input, output });
    const { summary } = await follow(module.submit("there", { target }));
    assert.equal(summary.error, undefined);
    assert.equal(summary.outputRows, 7);
    const result = `SELECT sum(n)::INT, sum(halves) FROM '${storage.slice(7)}/result/*.parquet'`;
    assert.deepEqual(await query(result), [[rows, (rows * (rows - 1)) / 4]]);
    const exists = await follow(module.submit("there", { target }));
    assert.equal(exists.summary.error?.code, "OUTPUT_EXISTS");
    const replaces = await follow(module.submit("there", { target, overwrite: true }));
    assert.equal(replaces.summary.error?.code, "OUTPUT_NOT_WRITABLE");
    assert.match(replaces.summary.error?.message ?? "", /over Spark Connect/);
    module.writeJob("missing", { ...halves, input: { path: `${storage}/nothing/` }, output });
    const missing = await follow(module.submit("missing", { target }));
    assert.equal(missing.summary.error?.code, "INPUT_MISSING");
    assert.match(missing.summary.error?.message ?? "", /\/nothing\//);
    assert.deepEqual(readdirSync(storage.slice(7)).sort(), ["numbers.parquet", "result"]);
  });
});
