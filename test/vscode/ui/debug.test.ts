import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { loadModule } from "../../../src/module/load-module.ts";
import { listRuns, readEvents } from "../../../src/run/store.ts";
import { processLives, until } from "../../support/until.ts";
import { authorModule, lineOf, sourceFile } from "../author-module.ts";
import type { Workbench } from "../workbench.ts";
import { workbenchTest } from "../workbench-test.ts";

async function moduleWithComment(): Promise<string> {
  const root = await authorModule({ name: "debugged" });
  appendFileSync(path.join(root, sourceFile), "// the end\n");
  return root;
}

/** Opens the source at the first line that holds a text, and sets a breakpoint there. */
async function breakAt(workbench: Workbench, root: string, text: string): Promise<number> {
  const { page, quickInput } = workbench;
  const line = lineOf(readFileSync(path.join(root, sourceFile), "utf8"), text);
  await quickInput.openFile(sourceFile, line);
  const dots = page.locator(".codicon-debug-breakpoint, .codicon-debug-breakpoint-unverified");
  const shown = await dots.count();
  await workbench.run("Debug: Toggle Breakpoint");
  await dots.nth(shown).waitFor();
  return line;
}

workbenchTest(
  "F5 without a launch.json stops at a breakpoint in the C++, shows the arguments, steps, and Shift+F5 ends every process",
  { folder: moduleWithComment },
  async (workbench, root) => {
    const { page } = workbench;
    const without = await breakAt(workbench, root, "// the end");
    const line = await breakAt(workbench, root, "double fahrenheit");
    // the extension knows of the module from here on
    await page.locator(".codelens-decoration a", { hasText: "Run on Sample" }).first().waitFor();

    await page.keyboard.press("F5");
    await page.locator(".debug-top-stack-frame-line").first().waitFor();
    const variable = page.locator('.debug-variables .monaco-list-row[aria-label^="celsius"]');
    await variable.waitFor();
    const [, value] = /value (\S+)/.exec((await variable.getAttribute("aria-label")) ?? "") ?? [];
    const [first = ""] = readFileSync(path.join(root, "data", "input.csv"), "utf8")
      .split("\n")
      .slice(1);
    assert.equal(Number(value), Number(first.split(",")[1]));
    const frame = page.locator(".debug-call-stack .monaco-list-row.selected");
    assert.match((await frame.getAttribute("aria-label")) ?? "", new RegExp(`fahrenheit\\(double\\).*line ${line}`));
    await page
      .locator(".repl .monaco-list-row", { hasText: `Line ${without} has no code.` })
      .first()
      .waitFor();
    await workbench.screenshot("debug");

    const module = loadModule(root);
    const [run] = listRuns(module);
    assert.equal(run?.target, "debugger");
    const started = [...readEvents(module, run?.id ?? "")].find((event) => event.kind === "worker.started");
    assert.ok(started?.kind === "worker.started" && started.pid !== null);
    const { pid } = started;
    assert.ok(processLives(pid));
    await page.keyboard.press("F10");
    await page.locator('.debug-call-stack .monaco-list-row[aria-label*="Paused on step"]').first().waitFor();
    await page.keyboard.press("Shift+F5");
    await page.locator(".debug-toolbar").waitFor({ state: "hidden" });
    const runs = await workbench.treeView("Runs");
    await runs.and(page.locator('[aria-label^="first cancelled debugger"]')).waitFor();
    await until(() => !processLives(pid));
    assert.ok(!existsSync(path.join(root, "out")));
  },
);

workbenchTest(
  "Debug Job is in the list beside the run button of a job's editor, and its run is followed in the panel like others",
  { folder: () => authorModule({ name: "debug-menu" }) },
  async (workbench) => {
    const { page } = workbench;
    await workbench.quickInput.openFile("jobs/first.job.ts");
    const actions = page.locator(".editor-group-container.active .editor-actions");
    await actions
      .locator(
        ".monaco-dropdown-with-primary .dropdown-action-container, .monaco-dropdown-with-primary .dropdown-label, .monaco-dropdown-with-default .dropdown-action-container",
      )
      .first()
      .click();
    const menu = page.locator(".context-view .monaco-menu .action-label");
    await menu.filter({ hasText: "Debug Job" }).waitFor();
    assert.deepEqual(await menu.allTextContents(), [
      "Run on Local",
      "Submit to Target",
      "Run on Sample",
      "Debug Job",
      "Run under Sanitizers",
    ]);
    await workbench.screenshot("run-menu");
    await menu.filter({ hasText: "Debug Job" }).click();
    // without a breakpoint it runs to its end
    await page.locator(".repl .monaco-list-row", { hasText: /Run .* succeeded: 5 rows/ }).waitFor();
    await workbench.run("Native UDF: Show Panel");
    await workbench.webview.getByRole("heading", { name: "first debugger · succeeded" }).waitFor();
  },
);
