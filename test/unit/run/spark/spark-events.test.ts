import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { RunEvent } from "../../../../src/core/events.ts";
import { EventLog } from "../../../../src/run/event-log.ts";
import { SparkEvents } from "../../../../src/run/spark/spark-events.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

test("where a worker's log file cannot be made, its lines are events all the same, and it is told once", async () => {
  const folder = temporaryFolder("spark-events");
  const logs = path.join(folder, "logs");
  mkdirSync(path.join(logs, "worker-0.log"), { recursive: true }); // in the file's way
  const events: RunEvent[] = [];
  const id = "20261121-104210-job-a1b2";
  const log = new EventLog(id, folder, (event) => events.push(event));
  const parts = path.join(folder, "parts");
  const spark = new SparkEvents({
    log,
    logBytes: 1e6,
    folder: { id, path: folder, parts, staged: parts, logs, temporary: parts },
    target: { spark: { kind: "spark", settings: {} } },
    artifacts: [],
  });
  spark.driverLines("stderr", ["one", "two"]);
  spark.driverLines("stderr", ["three"]);
  spark.take({ kind: "executor", executor: "1", address: "ada:1", active: true, log: null, reason: null });
  await spark.catchUp();
  await spark.close();
  log.close();
  const texts = events.flatMap((event) => (event.kind === "log" ? [event.text] : []));
  const [told, ...rest] = texts;
  assert.match(told ?? "", /worker-0\.log cannot be written, and lines are missing in it: EISDIR/);
  assert.deepEqual(rest, ["one", "two", "three", "executor 1 on ada:1 is worker 1"]);
  assert.deepEqual(spark.driverLog, ["one", "two", "three"]);
  assert.ok(readFileSync(path.join(folder, "events.ndjson"), "utf8").includes('"three"'));
});
