import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { runTool } from "../../src/toolchain/run-tool.ts";
import { blocksOf } from "../e2e/docs-blocks.ts";
import { casesModule } from "../native/cases-module.ts";
import { builtModule } from "../support/built-module.ts";
import { type SparkSeries, spark } from "../support/spark.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { renewedModule } from "./renewed-module.ts";

export type Script = {
  series: SparkSeries;
  connect: boolean;
  /** Files of `stub/` that run in one session, after one another. */
  parts: readonly string[];
};

/** Runs PySpark scripts as a user does, `python main.py`, with the stubs of test modules; gives what each reports, and as `log` what went to stderr. */
export async function runScript({ series, connect, parts }: Script): Promise<Record<string, unknown>> {
  const { python, environment } = await spark(series);
  const { module } = await casesModule();
  const [first, second] = [await renewedModule(1), await renewedModule(2)].map((each) => each.module.root);
  const folder = temporaryFolder("pyspark");
  const report = path.join(folder, "report.json");
  const page = await pageScript(folder);
  const settings = { stubs: [module.stubs], connect, report, parts, first, second, page };
  const { exitCode, stdout, stderr } = await runTool({
    command: python,
    args: [path.join(import.meta.dirname, "stub", "main.py"), JSON.stringify(settings)],
    env: { ...process.env, ...environment, PYTHONDONTWRITEBYTECODE: "1" },
    cwd: folder,
  });
  assert.equal(exitCode, 0, `${stdout.slice(-3000)}\n${stderr.slice(-5000)}`);
  return { ...z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(report, "utf8"))), log: stderr };
}

/** The script of docs/spark.md beside the module of docs/authoring.md, as an author has them. */
async function pageScript(folder: string): Promise<string> {
  const files = blocksOf("docs/authoring.md").flatMap(({ file, text }) => {
    return file?.startsWith("src/") || file === "native-udf.json" ? [[file, text] as const] : [];
  });
  const { module } = await builtModule("places", {
    ...Object.fromEntries(files),
    "config/countries.csv": "city,country\noslo,Norway\nsingapore,Singapore\n",
  });
  const root = path.join(folder, "places");
  cpSync(module.root, root, { recursive: true, filter: (file) => !file.includes(".native-udf") });
  const script = blocksOf("docs/spark.md").find(({ file }) => file === "jobs/cities.py");
  assert.ok(script, "docs/spark.md shows no jobs/cities.py");
  mkdirSync(path.join(root, "jobs"), { recursive: true });
  const page = path.join(root, "jobs", "cities.py");
  writeFileSync(page, script.text);
  return page;
}
