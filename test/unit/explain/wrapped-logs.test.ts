import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { explain } from "../../../src/explain/explain.ts";
import { readSourceRoot } from "../../../src/explain/source-root.ts";
import { projectRoot } from "../../support/command-line.ts";

const recorded = path.join(projectRoot, "test/fixtures/spark-failures");
const folders = [
  "02-pandas-udf-valueerror-submit",
  "31-segv-faulthandler-cluster",
  "46-executor-lost-cluster",
  "50-analysis-unresolved-column-connect",
  "own/exception-group-43-local",
  "own/assertion-without-text-43-local",
].map((name) => path.join(recorded, name));

type Wrap = (text: string) => string;
const each =
  (wrapped: (line: string, second: string) => string): Wrap =>
  (text) =>
    text
      .split("\n")
      .map((line, index) => wrapped(line, String(10 + (index % 50))))
      .join("\n");

/** What these tools write around a line of the program that they run. */
const tools: Record<string, Wrap> = {
  "Airflow 2": each((line, s) => `[2026-11-21, 10:11:${s} UTC] {spark_submit.py:571} INFO - ${line}`),
  "Airflow's pods": each((line, s) => `[2026-11-21T10:11:${s}.123+0000] {pod_manager.py:468} INFO - [base] ${line}`),
  "Airflow's bash": each((line, s) => `[2026-11-21 10:11:${s},123] {bash.py:177} INFO - ${line}`),
  Prefect: each((line, s) => `10:11:${s}.123 | INFO    | Task run 'submit-0' - ${line}`),
  "a Python logger": each((line, s) => `2026-11-21 10:11:${s},123 - submit - INFO - ${line}`),
  "kubectl logs --timestamps": each((line, s) => `2026-11-21T10:11:${s}.123456789Z ${line}`),
  "a container's file": each((line, s) => `2026-11-21T10:11:${s}.123456789Z stderr F ${line}`),
  stern: each((line) => `job-abc-driver spark-kubernetes-driver ${line}`),
  "docker compose": each((line) => `spark-driver-1    | ${line}`),
  "docker's file": each((line) => JSON.stringify({ log: `${line}\n`, stream: "stderr", time: "2026-11-21T10:11:12Z" })),
  "Fluent Bit": each((line) => JSON.stringify({ date: 1763719872.1, stream: "stderr", log: line, kubernetes: {} })),
  "aws logs get-log-events": each((line) => `            "message": ${JSON.stringify(line)},`),
  "aws logs tail": each((line, s) => `2026-11-21T10:11:${s}.123000+00:00 jr_0123abc ${line}`),
  "gcloud logging": each((line) => JSON.stringify({ textPayload: line, severity: "INFO" })),
  "an exported table": each((line, s) =>
    /["]/.test(line)
      ? `2026-11-21 10:11:${s}.123,"${line.replaceAll('"', '""')}"`
      : `2026-11-21 10:11:${s}.123,${line}`,
  ),
  syslog: each((line, s) => `Nov 21 10:11:${s} node-7 spark-submit[4711]: ${line}`),
  Jenkins: each((line, s) => `[2026-11-21T10:11:${s}.123Z] ${line}`),
  "GitLab CI": each((line, s) => `2026-11-21T10:11:${s}.123456Z 01O ${line}`),
  "GitHub CLI": each((line, s) => `test\tRun job\t2026-11-21T10:11:${s}.1234567Z ${line}`),
  Livy: (text) => JSON.stringify({ id: 0, from: 0, total: 9, log: text.split("\n") }),
  "yarn logs": (text) =>
    `Container: container_1763710000000_0007_01_000001 on node7.example.org_45454\nLogAggregationType: AGGREGATED\n${"=".repeat(70)}\nLogType:stderr\nLogLength:${text.length}\nLogContents:\n${text}\n\nEnd of LogType:stderr\n${"*".repeat(70)}\n`,
  "a mail that quotes": each((line) => `> ${line}`),
  "an indented block": each((line) => `    ${line}`),
};

describe("logs are read as they were before a tool has wrapped them", () => {
  for (const [tool, wrap] of Object.entries(tools)) {
    test(`of ${tool}`, async () => {
      for (const folder of folders) {
        const logs = readdirSync(folder).filter((file) => file.endsWith(".log"));
        const texts = logs.map((file) => readFileSync(path.join(folder, file), "utf8"));
        const [plain] = await told(texts, folder);
        assert.ok(plain);
        assert.deepEqual((await told(texts.map(wrap), folder))[0], plain, path.basename(folder));
      }
    });
  }

  test("what the scheduler says itself after the job's own log is no cause", async () => {
    const folder = folders[0] ?? "";
    const text = readFileSync(path.join(folder, "driver.log"), "utf8");
    const after = `[2026-11-21, 10:12:00 UTC] {taskinstance.py:1937} ERROR - Task failed with exception
Traceback (most recent call last):
  File "/home/airflow/.local/lib/python3.11/site-packages/airflow/providers/apache/spark/hooks/spark_submit.py", line 453, in submit
    raise AirflowException(
airflow.exceptions.AirflowException: Cannot execute: spark-submit --master yarn script.py. Error code is: 1.`;
    const wrapped = `${tools["Airflow 2"]?.(text)}\n${after}`;
    assert.deepEqual((await told([wrapped], folder))[0], (await told([text], folder))[0]);
  });
});

async function told(texts: readonly string[], folder: string) {
  const { diagnostics } = await explain(
    texts.map((text) => [text.split("\n")]),
    readSourceRoot(folder),
  );
  return diagnostics;
}
