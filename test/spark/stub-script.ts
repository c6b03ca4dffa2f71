import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { runTool } from "../../src/toolchain/run-tool.ts";
import { casesModule } from "../native/cases-module.ts";
import { type SparkSeries, spark } from "../support/spark.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { renewedModule } from "./renewed-module.ts";

export type Script = {
  series: SparkSeries;
  connect: boolean;
  /** Files of `stub/` that run in one session, after one another. */
  parts: readonly string[];
};

/** Runs PySpark scripts as a user does, `python main.py`, with the stubs of test modules; gives what each reports. */
export async function runScript({ series, connect, parts }: Script): Promise<Record<string, unknown>> {
  const { python, environment } = await spark(series);
  const { module } = await casesModule();
  const [first, second] = [await renewedModule(1), await renewedModule(2)].map((each) => each.module.root);
  const folder = temporaryFolder("pyspark");
  const report = path.join(folder, "report.json");
  const settings = { stubs: [module.stubs], connect, report, parts, first, second };
  const { exitCode, stdout, stderr } = await runTool({
    command: python,
    args: [path.join(import.meta.dirname, "stub", "main.py"), JSON.stringify(settings)],
    env: { ...process.env, ...environment, PYTHONDONTWRITEBYTECODE: "1" },
    cwd: folder,
  });
  assert.equal(exitCode, 0, `${stdout.slice(-3000)}\n${stderr.slice(-5000)}`);
  return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(report, "utf8")));
}
