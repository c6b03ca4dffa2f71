import { readFileSync } from "node:fs";
import path from "node:path";
import { authorModule, lineOf } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

workbenchTest(
  "the signature and the doc of a function in a job's SQL are shown by the keyboard, a column's type under the pointer",
  { folder: () => authorModule({ name: "hover", map: "SELECT fahrenheit(celsius) AS x FROM input" }) },
  async (workbench, root) => {
    const { page } = workbench;
    await workbench.run("Native UDF: Build");
    const modules = await workbench.treeView("Modules");
    await modules.filter({ hasText: "fahrenheit(celsius: double)" }).waitFor();
    const text = readFileSync(path.join(root, "jobs", "first.job.ts"), "utf8");
    const line = lineOf(text, "fahrenheit(");
    await workbench.quickInput.openFile("jobs/first.job.ts", line);
    await workbench.cursorAt(line);
    await page.keyboard.press("Home");
    const before = text.split("\n")[line - 1]?.trimStart().indexOf("fahrenheit(") ?? -1;
    for (let column = 0; column < before + 2; column++) await page.keyboard.press("ArrowRight");
    await workbench.run("Show or Focus Hover");
    const hover = page.locator(".monaco-hover:visible");
    await hover.filter({ hasText: "fahrenheit(celsius: double) -> double" }).waitFor();
    await hover.filter({ hasText: "Degrees Celsius as degrees Fahrenheit." }).waitFor();
    await page.keyboard.press("Escape");
    await hover.waitFor({ state: "hidden" });

    // its middle is the column
    await page.locator(".view-line span", { hasText: "fahrenheit(celsius)" }).last().hover();
    await hover.filter({ hasText: "celsius: DOUBLE" }).waitFor();
  },
);
