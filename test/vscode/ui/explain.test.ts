import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../../support/command-line.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import type { Workbench } from "../workbench.ts";
import { workbenchTest } from "../workbench-test.ts";

/** A recorded failure: a helper that was sent along refuses a row. No module of ours is in the folder. */
function failedJob(): string {
  const folder = path.join(temporaryFolder("explain"), "job");
  cpSync(path.join(projectRoot, "test/fixtures/spark-failures/08-addpyfile-helper-cluster"), folder, {
    recursive: true,
  });
  // a test can read a terminal that is made of elements, and not drawn
  mkdirSync(path.join(folder, ".vscode"));
  writeFileSync(
    path.join(folder, ".vscode", "settings.json"),
    JSON.stringify({ "terminal.integrated.gpuAcceleration": "off" }),
  );
  return folder;
}

const question = "Log of a Spark job";
const cause = "AssertionError: latitude 99.0 out of range";

async function explain(workbench: Workbench, source: string): Promise<void> {
  await workbench.run("Native UDF: Explain Log…");
  await workbench.quickInput.pick(question, source);
}

/** The lines of the report, which the active editor shows. */
async function report({ page }: Workbench, first: string): Promise<string[]> {
  await page.locator('.tab.active[data-resource-name="Explained Log"]').waitFor();
  const lines = page.locator(".editor-group-container.active .view-line");
  await lines.filter({ hasText: first }).first().waitFor();
  return (await lines.allTextContents()).map((line) => line.replaceAll("\u00a0", " "));
}

workbenchTest(
  "in a folder without a module that is not trusted, the log of the active editor is explained: a report, and a problem at the author's line",
  { folder: failedJob, trust: "ask" },
  async (workbench) => {
    const { page } = workbench;
    await workbench.quickInput.openFile("driver.log");
    await explain(workbench, "Active Editor");
    assert.deepEqual((await report(workbench, cause)).slice(0, 6), [
      `geo_helpers.py:6: ${cause}`,
      "  raised in a function on an executor; the calls, outermost first:",
      "    script.py:10       cell_area",
      "    geo_helpers.py:11  area",
      "    geo_helpers.py:6   check",
      "  An assertion does not hold for a row: look at the value, and handle or filter such rows before.",
    ]);
    await workbench.screenshot("explain");
    // the report's first word is a link
    await workbench.run("Open Link");
    await page.locator('.tab.active[data-resource-name="geo_helpers.py"]').waitFor();
    await workbench.cursorAt(6);

    const problems = await workbench.problems();
    const problem = problems.filter({ hasText: cause });
    await problem.waitFor();
    assert.match((await problem.textContent()) ?? "", /native-udf.*\[Ln 6, Col 5\]/);
    await problems.filter({ hasText: "called from here, in cell_area" }).waitFor();
  },
);

workbenchTest(
  "the selection of a terminal is explained, the clipboard keeps its text, and an edit takes the problem away",
  { folder: failedJob },
  async (workbench, root) => {
    const { page } = workbench;
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await workbench.run("Terminal: Create New Terminal");
    const terminal = page.locator(".terminal-wrapper.active");
    await terminal.locator(".xterm-helper-textarea").waitFor({ state: "attached" });
    await page.keyboard.type("cat exception.txt; echo at the $((1 + 1))nd end\n");
    await terminal.locator(".xterm-rows", { hasText: "at the 2nd end" }).waitFor();
    await page.evaluate(() => navigator.clipboard.writeText("what was copied before"));
    await workbench.run("Terminal: Select All");
    await explain(workbench, "Terminal Selection");
    assert.equal((await report(workbench, cause))[0], `geo_helpers.py:6: ${cause}`);
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "what was copied before");

    const problem = (await workbench.problems()).filter({ hasText: cause });
    await problem.waitFor();
    await workbench.replaceLine({ root, file: "geo_helpers.py", line: 6, text: "        return 0" });
    await problem.waitFor({ state: "detached" });

    await explain(workbench, "Clipboard");
    await workbench
      .notification(/Nothing that failed was found in the clipboard\. Give the executors' logs too/)
      .waitFor();
  },
);
