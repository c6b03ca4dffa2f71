import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { lineOf } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

workbenchTest(
  "by keyboard alone, from an empty window to a result, and from a failing row to the C++ line",
  {},
  async (workbench) => {
    const { page, quickInput } = workbench;
    const panel = workbench.webview;
    const focused = panel.locator(":focus");
    const parent = temporaryFolder("story");
    const root = path.join(parent, "weather");

    await workbench.run("Native UDF: Scaffold New Extension…");
    await quickInput.pick("Template", "blank");
    await quickInput.enter("Name of the module", "weather");
    await quickInput.chooseFolder("Folder that the module's folder is made in", parent);
    await workbench.opened(root);

    await workbench.run("Native UDF: Build");
    await workbench.run("Native UDF: Submit Job…");
    await panel.getByRole("heading", { name: "first local · succeeded" }).waitFor();
    assert.ok(existsSync(path.join(root, "out", "first.parquet")));
    await workbench.run("Native UDF: Show Panel");
    await focused.and(panel.getByRole("option", { name: /^first/ })).waitFor();
    for (let key = 0; key < 2; key++) await page.keyboard.press("Tab");
    await focused.and(panel.getByRole("tab", { name: "Timeline" })).waitFor();
    await page.keyboard.press("ArrowLeft");
    await panel.getByRole("button", { name: "RDJ", exact: true }).waitFor();

    const file = path.join("src", "weather.cpp");
    const source = readFileSync(path.join(root, file), "utf8");
    const line = lineOf(source, "std::string letters;");
    const text = '  std::string letters; if (words == "oslo") throw 1;';
    await workbench.replaceLine({ root, file, line, text });
    await workbench.run("Native UDF: Re-run Last Job");
    await panel.getByRole("heading", { name: "first local · failed" }).waitFor();
    // from the run to its row and its line
    await workbench.run("Native UDF: Show Panel");
    await focused.and(panel.getByRole("tab", { name: "Result" })).waitFor();
    await page.keyboard.press("ArrowLeft");
    await focused.and(panel.getByRole("tab", { name: "Problems 1", selected: true })).waitFor();
    await panel.getByText(/rows? .* of data\/input\.csv: initials\(\)/).waitFor();
    await workbench.screenshot("failing-row");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator('.tab.active[data-resource-name="weather.cpp"]').waitFor();
    await workbench.cursorAt(line);
  },
);
