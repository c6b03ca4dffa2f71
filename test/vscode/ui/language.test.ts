import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { authorModule, lineOf } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

workbenchTest(
  "a column that fits is completed first in a job's SQL",
  { folder: () => authorModule({ name: "language", map: "SELECT fahrenheit() AS x FROM input" }) },
  async (workbench, root) => {
    const { page } = workbench;
    const text = readFileSync(path.join(root, "jobs", "first.job.ts"), "utf8");
    const line = lineOf(text, "fahrenheit(");
    await workbench.quickInput.openFile("jobs/first.job.ts", line);
    await workbench.cursorAt(line);
    await page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();
    // the extension knows of the module from here on
    await page.locator(".codelens-decoration a", { hasText: "Submit" }).waitFor();
    await page.keyboard.press("Home");
    const before = text.split("\n")[line - 1]?.trimStart().indexOf("()") ?? -1;
    for (let column = 0; column <= before; column++) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Control+Space");
    const offered = page.locator(".suggest-widget .monaco-list-row");
    await offered.and(page.locator('[aria-label^="celsius"]')).waitFor();
    assert.match((await offered.first().getAttribute("aria-label")) ?? "", /^celsius\b/);
    await page.keyboard.press("Enter");
    await page.locator(".view-line", { hasText: "fahrenheit(celsius)" }).waitFor();
  },
);
