import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { until } from "../../support/until.ts";
import { authorModule, sourceFile } from "../author-module.ts";
import type { Workbench } from "../workbench.ts";
import { workbenchTest } from "../workbench-test.ts";

/** Goes to the next problem of the file, and takes the fix that is offered first. */
async function fixNextProblem({ page }: Workbench, fix: string): Promise<void> {
  await page.keyboard.press("F8");
  await page.locator(".marker-widget").waitFor();
  await page.keyboard.press("Control+.");
  await page.locator(".action-widget .monaco-list-row.focused", { hasText: fix }).waitFor();
  await page.keyboard.press("Enter");
}

workbenchTest(
  "a missing include is added by the keyboard, and the next build finds nothing wrong",
  { folder: () => authorModule({ name: "include" }) },
  async (workbench, root) => {
    const { page } = workbench;
    const file = path.join(root, sourceFile);
    const wrong = readFileSync(file, "utf8").replace("return celsius", "return *std::set<double>{celsius}.begin()");
    writeFileSync(file, wrong);
    await workbench.quickInput.openFile(sourceFile);
    await workbench.run("Native UDF: Build");
    await page.locator(".monaco-editor .squiggly-error").first().waitFor();

    await fixNextProblem(workbench, "Add #include <set>");
    await page.locator(".view-line", { hasText: "#include <set>" }).waitFor();
    await page.keyboard.press("Control+S");
    await until(() => readFileSync(file, "utf8").includes("#include <set>\n#include <string>\n"));
    await workbench.run("Native UDF: Build");
    const modules = await workbench.treeView("Modules");
    await modules.filter({ hasText: /^flight_features-[0-9a-f]{12}\.udf\.so/ }).waitFor();
    await page.locator(".monaco-editor .squiggly-error").waitFor({ state: "hidden" });
  },
);
