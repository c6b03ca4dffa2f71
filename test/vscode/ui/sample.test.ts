import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { authorModule } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

workbenchTest(
  "a job is run on a sample from the menu of the Modules view; Re-run Last Job and the panel's Re-run run the sample again",
  { folder: () => authorModule({ name: "sample", map: "SELECT fahrenheit(celsius) AS x FROM input" }) },
  async (workbench, root) => {
    const { page } = workbench;
    const modules = await workbench.treeView("Modules");
    const job = modules.filter({ hasText: "first" }).last();
    await job.click({ button: "right" });
    // a click is ignored while the menu is new
    await page.locator(".context-view .action-label", { hasText: "Run on Sample" }).hover();
    await page.keyboard.press("Enter");
    const runs = await workbench.treeView("Runs");
    const samples = runs.and(page.locator('[aria-label^="first succeeded local · sample"]'));
    await samples.first().waitFor();
    await workbench.run("Native UDF: Re-run Last Job");
    await samples.nth(1).waitFor();
    await workbench.webview.getByRole("button", { name: "Re-run" }).click();
    await samples.nth(2).waitFor();

    const folder = path.join(root, ".native-udf", "runs");
    for (const run of readdirSync(folder))
      assert.ok(existsSync(path.join(folder, run, "sample", "first.parquet")), run);
    assert.ok(!existsSync(path.join(root, "out")), "a sample is no output of the job");
  },
);
