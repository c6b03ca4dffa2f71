import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Locator } from "playwright-core";
import { authorModule, lineOf, sourceFile } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

/** A click is lost while VS Code draws the links again, as after a jump. */
async function clickUntil(link: Locator, shown: Locator): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt++) {
    await link.click();
    const found = shown.waitFor({ timeout: 5000 }).then(
      () => true,
      () => false,
    );
    if (await found) return;
  }
  assert.fail("the link does not do what it says");
}

workbenchTest(
  "a column is completed in a job's SQL, and the links above the functions run the job that calls them on a sample",
  { folder: () => authorModule({ name: "language", map: "SELECT fahrenheit() AS x FROM input" }) },
  async (workbench, root) => {
    const { page } = workbench;
    const job = path.join(root, "jobs", "first.job.ts");
    const text = readFileSync(job, "utf8");
    const line = lineOf(text, "fahrenheit(");
    await workbench.quickInput.openFile("jobs/first.job.ts", line);
    // the extension knows of the module from here on
    const links = page.locator(".codelens-decoration a");
    await links.filter({ hasText: "Submit" }).waitFor();
    await page.keyboard.press("Home");
    const before = text.split("\n")[line - 1]?.trimStart().indexOf("()") ?? -1;
    for (let column = 0; column <= before; column++) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Control+Space");
    const offered = page.locator(".suggest-widget .monaco-list-row");
    await offered.filter({ hasText: "celsius" }).waitFor();
    assert.match((await offered.first().getAttribute("aria-label")) ?? "", /^celsius\b/);
    await page.keyboard.press("Enter");
    await page.locator(".view-line", { hasText: "fahrenheit(celsius)" }).waitFor();

    await workbench.quickInput.openFile(sourceFile);
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
    const stub = page.locator('.tab.active[data-resource-name="flight_features.ts"]');
    await clickUntil(links.filter({ hasText: "Show Stub" }).nth(1), stub);
    await page.locator(".view-line", { hasText: "export function initials(" }).waitFor();
  },
);
