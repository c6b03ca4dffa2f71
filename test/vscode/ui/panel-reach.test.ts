import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { authorModule } from "../author-module.ts";
import { faultsOf } from "../panel/faults.ts";
import { crashedRun, succeededRun } from "../panel/panel-runs.ts";
import type { Workbench } from "../workbench.ts";
import { workbenchTest } from "../workbench-test.ts";

/** A module with two runs that have ended, one of which failed at src/airports.cpp:41. */
async function moduleWithRuns(): Promise<string> {
  const root = await authorModule({ name: "runs" });
  const runs = path.join(root, ".native-udf", "runs");
  crashedRun(runs);
  succeededRun(runs);
  writeFileSync(path.join(root, "src", "airports.cpp"), `${"// a line\n".repeat(40)}int somewhere;\n`);
  return root;
}

/** Presses a key so many times. */
async function press({ page }: Workbench, key: string, times = 1): Promise<void> {
  for (let time = 0; time < times; time++) await page.keyboard.press(key);
}

workbenchTest(
  "the panel by keyboard alone: a run is chosen, its log searched, a frame opened in the editor, and a cell of a result copied",
  { folder: moduleWithRuns },
  async (workbench) => {
    const { page } = workbench;
    const panel = workbench.webview;
    const focused = panel.locator(":focus");
    await workbench.run("Native UDF: Show Panel");
    await panel.getByRole("option", { name: /^by-origin/, selected: true }).waitFor();

    await focused.and(panel.getByRole("option", { name: /^by-origin/ })).waitFor();
    await press(workbench, "Tab");
    await focused.and(panel.locator("vscode-button", { hasText: "Re-run" })).waitFor();
    await press(workbench, "Tab");
    await focused.and(panel.getByRole("tab", { name: "Timeline" })).waitFor();
    await press(workbench, "ArrowRight");
    await focused.and(panel.getByRole("tab", { name: "Logs 3", selected: true })).waitFor();
    await press(workbench, "Tab", 4);
    await focused.and(panel.getByLabel("Find")).waitFor();
    await page.keyboard.type("about to");
    await press(workbench, "Enter");
    await panel.locator(".log-row.current", { hasText: "it is about to fail" }).waitFor();

    await press(workbench, "Shift+Tab", 4);
    await press(workbench, "ArrowRight");
    await focused.and(panel.getByRole("tab", { name: "Problems 1", selected: true })).waitFor();
    await press(workbench, "Tab");
    await press(workbench, "Enter");
    await page.locator('.tab.active[data-resource-name="airports.cpp"]').waitFor();
    await page.locator(".part.statusbar").getByText("Ln 41, Col 7").waitFor();
    await page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();

    await workbench.run("Native UDF: Show Panel");
    await focused.and(panel.getByRole("button", { name: "src/airports.cpp:41" })).waitFor();
    await press(workbench, "Shift+Tab", 3);
    await press(workbench, "ArrowDown");
    await focused.and(panel.getByRole("option", { name: /^by-carrier/, selected: true })).waitFor();
    await press(workbench, "Tab", 2);
    await press(workbench, "ArrowRight");
    await focused.and(panel.getByRole("tab", { name: "Result", selected: true })).waitFor();
    await press(workbench, "Tab", 3);
    await focused.and(panel.getByRole("button", { name: "AA", exact: true })).waitFor();
    await press(workbench, "Enter");
    await workbench.quickInput.openFile("src/flight_features.cpp");
    await press(workbench, "Control+A");
    await press(workbench, "Control+V");
    await page.locator(".view-line", { hasText: /^AA$/ }).waitFor();
  },
);

const themes = {
  "Default Dark Modern": "vscode-dark",
  "Default Light Modern": "vscode-light",
  "Default High Contrast": "vscode-high-contrast",
};

workbenchTest(
  "the panel in the workbench has no fault that axe finds: dark, light and in high contrast",
  { folder: moduleWithRuns },
  async (workbench, root) => {
    const panel = workbench.webview;
    await workbench.run("Native UDF: Show Panel");
    mkdirSync(path.join(root, ".vscode"), { recursive: true });
    for (const [theme, kind] of Object.entries(themes)) {
      writeFileSync(path.join(root, ".vscode", "settings.json"), JSON.stringify({ "workbench.colorTheme": theme }));
      await panel.locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor();
      for (const [run, tabs] of [
        ["by-origin", ["Timeline", "Logs", "Problems"]],
        ["by-carrier", ["Result"]],
      ] as const) {
        await panel.getByRole("option", { name: new RegExp(`^${run}`) }).click();
        await panel.getByRole("heading", { name: run }).waitFor();
        for (const tab of tabs) {
          await panel.getByRole("tab", { name: tab }).click();
          await panel.getByRole("tab", { name: tab, selected: true }).waitFor();
          const page = await panel.locator("html").elementHandle();
          const frame = await page?.ownerFrame();
          assert.ok(frame);
          // it is transparent: axe is told what is behind it
          await frame.evaluate(() => document.body.style.setProperty("background", "var(--vscode-panel-background)"));
          assert.deepEqual(await faultsOf(frame), [], `${theme}, ${tab}`);
          await workbench.screenshot(`${kind}-${tab.toLowerCase()}`);
        }
      }
    }
  },
);
