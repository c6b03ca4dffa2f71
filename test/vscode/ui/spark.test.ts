import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { spark } from "../../support/spark.ts";
import { authorModule, lineOf, sourceFile } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

const source = `#include <udf/udf.h>

#include <stdexcept>

using namespace udf::literals;

/// Degrees Celsius, as the weather of a city has them.
double checked(double celsius) {
  if (celsius > 25) throw std::out_of_range("warmer than any city of these");
  return celsius;
}

UDF_MODULE(flight_features, m) { m.row<checked>("checked", "celsius"_a); }
`;

const installed = await spark("4.3");

/** The last of the template's five cities has 27.5 degrees. The module has a target of its own: Spark on this machine. */
async function withTarget(): Promise<string> {
  const root = await authorModule({ name: "spark", source, map: "SELECT checked(celsius) AS x FROM input" });
  const file = path.join(root, "native-udf.json");
  const targets = { cluster: { kind: "spark", master: "local[1]", python: installed.python } };
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), targets }));
  return root;
}

workbenchTest(
  "a job on a Spark target of the module: chosen by its name, told at its line in C++, corrected, and seen to its result",
  { folder: withTarget, env: { ...installed.environment } },
  async (workbench, root) => {
    const { page, quickInput } = workbench;
    await workbench.run("Native UDF: Select Target");
    await quickInput.pick("Target", "cluster");
    await workbench.status.filter({ hasText: "cluster" }).waitFor();
    const targets = await workbench.treeView("Targets");
    await targets.filter({ hasText: /^cluster\s*selected/ }).waitFor();

    await quickInput.openFile("jobs/first.job.ts");
    await page.locator(".codelens-decoration a", { hasText: "Submit to cluster" }).click();
    await workbench.notification(/first failed/).waitFor();
    const line = lineOf(source, "throw std::");
    const problems = await workbench.problems();
    const problem = problems
      .filter({ hasText: /row 4 of partition 0: checked\(\): warmer than any city of these/ })
      .filter({ hasText: `[Ln ${line}, Col ` });
    await problem.waitFor();
    await problem.click();
    await workbench.cursorAt(line);
    await workbench.run("Notifications: Clear All Notifications");
    await workbench.run("Native UDF: Show Panel");
    await workbench.webview.getByRole("tab", { name: "Problems 1" }).click();
    await workbench.webview.getByRole("button", { name: `${sourceFile}:${line}` }).waitFor();
    await workbench.webview
      .getByText("row 4 of partition 0: checked(): warmer than any city of these")
      .first()
      .waitFor();
    await workbench.screenshot("spark");

    const text = '  if (celsius > 2500) throw std::out_of_range("warmer than any city of these");';
    await workbench.problems();
    await workbench.replaceLine({ root, file: sourceFile, line, text });
    await problem.waitFor({ state: "hidden" });
    await workbench.run("Native UDF: Submit to Target");
    const runs = await workbench.treeView("Runs");
    await runs.and(page.locator('[aria-label^="first succeeded cluster"]')).waitFor();
    await workbench.run("Native UDF: Show Panel");
    await workbench.webview.getByRole("tab", { name: /Logs/ }).click();
    await workbench.webview.getByText("Spark 4.3").first().waitFor();
    await workbench.screenshot("spark-result");
  },
);
