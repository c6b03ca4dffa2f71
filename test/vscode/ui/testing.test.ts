import { writeFileSync } from "node:fs";
import path from "node:path";
import { authorModule } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

/** A module with cases in JSON and CSV that are right, and one that is not. */
async function moduleWithCases(): Promise<string> {
  const root = await authorModule({ name: "testing" });
  const cases = [
    { name: "water freezes", arguments: [0], expected: 32 },
    { name: "water boils", arguments: [100], expected: 213 },
  ];
  writeFileSync(
    path.join(root, "test", "water.cases.json"),
    JSON.stringify({ function: "fahrenheit", cases }, undefined, 2),
  );
  writeFileSync(path.join(root, "test", "fahrenheit.cases.csv"), "celsius,expected,name\n37,98.6,a warm body\n");
  return root;
}

workbenchTest(
  "the Testing view runs cases and generated rows: a case that fails shows what was expected and what came",
  { folder: moduleWithCases },
  async (workbench) => {
    const { page } = workbench;
    await workbench.run("Testing: Focus on Test Explorer View");
    await page
      .getByRole("treeitem", { name: /^flight_features/ })
      .first()
      .waitFor();
    await workbench.run("Test: Run All Tests");
    const results = page.locator(".part.panel .monaco-list-row");
    await results.filter({ hasText: "water freezes" }).first().waitFor();
    await results.filter({ hasText: "a warm body" }).first().waitFor();
    await results.filter({ hasText: "generated rows" }).first().waitFor();
    await results.filter({ hasText: /water boils.*it gives something else/ }).click();
    const difference = page.locator(".part.panel .monaco-diff-editor");
    await difference.getByText("213").first().waitFor();
    await difference.getByText("212").first().waitFor();
  },
);
