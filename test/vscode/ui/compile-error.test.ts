import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { authorModule, lineOf, sourceFile } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

workbenchTest(
  "a compile error is in Problems and underlined at its line, and gone after it is corrected and built again",
  { folder: () => authorModule({ name: "compile-error" }) },
  async (workbench, root) => {
    const file = path.join(root, sourceFile);
    const right = readFileSync(file, "utf8");
    const wrong = right.replace("celsius * 9 / 5 + 32", "celsius * nine / 5 + 32");
    assert.notEqual(wrong, right);
    writeFileSync(file, wrong);
    await workbench.quickInput.openFile(sourceFile);

    await workbench.run("Native UDF: Build");
    const problem = (await workbench.problems()).filter({ hasText: /nine.* was not declared/ });
    await problem.waitFor();
    assert.match((await problem.textContent()) ?? "", new RegExp(`\\[Ln ${lineOf(wrong, "nine")}, Col \\d+\\]`));
    await workbench.page.locator(".monaco-editor .squiggly-error").first().waitFor();
    await workbench.screenshot("compile-error");

    writeFileSync(file, right);
    await workbench.run("Native UDF: Build");
    await problem.waitFor({ state: "hidden" });
    await workbench.page.locator(".monaco-editor .squiggly-error").waitFor({ state: "hidden" });
  },
);
