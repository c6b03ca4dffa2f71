import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { authorModule, lineOf, sourceFile } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

workbenchTest(
  "the links above functions run the job that calls them on a sample and show the stub, and a setting takes all links away",
  { folder: () => authorModule({ name: "links", map: "SELECT fahrenheit(celsius) AS x FROM input" }) },
  async (workbench, root) => {
    const { page } = workbench;
    await workbench.quickInput.openFile(sourceFile);
    const links = page.locator(".codelens-decoration a");
    const samples = links.filter({ hasText: "Run on Sample" });
    await samples.nth(1).click();
    await workbench.notification(/no job of the module calls initials\(\)/).waitFor();
    await samples.first().click();
    const runs = await workbench.treeView("Runs");
    await runs.and(page.locator('[aria-label^="first succeeded"]')).waitFor();
    const [run = ""] = readdirSync(path.join(root, ".native-udf", "runs"));
    assert.ok(existsSync(path.join(root, ".native-udf", "runs", run, "sample", "first.parquet")));
    assert.ok(!existsSync(path.join(root, "out")));

    // the panel that shows the run has made the editor smaller
    const source = readFileSync(path.join(root, sourceFile), "utf8");
    await workbench.quickInput.openFile(sourceFile, lineOf(source, "m.row<initials>"));
    await links.filter({ hasText: "Show Stub" }).nth(1).click();
    await page.locator('.tab.active[data-resource-name="flight_features.ts"]').waitFor();
    await page.locator(".view-line", { hasText: "export function initials(" }).waitFor();

    await workbench.quickInput.openFile("jobs/first.job.ts");
    for (const title of ["Submit", "Debug Job", "Run on Sample"]) {
      await links.filter({ hasText: new RegExp(`^${title}$`) }).waitFor();
    }
    await workbench.screenshot("links");
    mkdirSync(path.join(root, ".vscode"));
    writeFileSync(path.join(root, ".vscode", "settings.json"), JSON.stringify({ "nativeUdf.codeLens": false }));
    await links.first().waitFor({ state: "hidden" });
    await workbench.quickInput.openFile(sourceFile);
    await page.locator(".view-line", { hasText: "UDF_MODULE" }).waitFor();
    assert.equal(await links.count(), 0);
  },
);
