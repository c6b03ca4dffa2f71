import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { until } from "../../support/until.ts";
import { authorModule } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

/** Two modules of the same name in two roots of one workspace. */
let roots: string[] = [];

async function workspace(): Promise<string> {
  const map = "SELECT fahrenheit(celsius) AS x FROM input";
  roots = [await authorModule({ name: "root-one", map }), await authorModule({ name: "root-two", map })];
  const [one = ""] = roots;
  const file = path.join(path.dirname(one), "two.code-workspace");
  const folders = roots.map((root) => ({ path: root, name: root.includes("root-one") ? "one" : "two" }));
  writeFileSync(file, JSON.stringify({ folders }));
  return file;
}

const hasRun = (root: string) => existsSync(path.join(root, "out", "first.parquet"));

workbenchTest(
  "two modules of one name in two roots: a job runs in the root that it is of, and which one is meant is asked where that is open",
  { folder: workspace },
  async (workbench) => {
    const [one = "", two = ""] = roots;
    const { page } = workbench;
    const runs = await workbench.treeView("Runs");
    const modules = await workbench.treeView("Modules");
    await modules.filter({ hasText: "first" }).nth(1).waitFor();

    await workbench.run("Native UDF: Submit Job…");
    const row = page.locator(".quick-input-list .monaco-list-row");
    await row.filter({ hasText: "flight_features" }).filter({ hasText: "two" }).waitFor();
    await row.filter({ hasText: "flight_features" }).filter({ hasText: "one" }).waitFor();
    await row.filter({ hasText: "two" }).click();
    await until(() => hasRun(two));
    assert.ok(!existsSync(path.join(one, ".native-udf", "runs")), "nothing has run in the other root");

    // the first root's, from its open job
    const jobs = modules.filter({ hasText: "first" });
    await workbench.openRow(jobs.first(), "first.job.ts");
    await workbench.run("Native UDF: Submit Job…");
    await until(() => hasRun(one));
    await runs.and(page.locator('[aria-label^="first succeeded"]')).nth(1).waitFor();
  },
);
