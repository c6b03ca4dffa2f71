import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { spark } from "../../support/spark.ts";
import { authorModule, lineOf, sourceFile } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

const source = `#include <udf/udf.h>

#include <stdexcept>

using namespace udf::literals;

double checked(double celsius) {
  if (celsius > -300) throw std::runtime_error("no such temperature");
  return celsius + 1;
}

UDF_MODULE(flight_features, m) { m.row<checked>("checked", "celsius"_a); }
`;

const installed = await spark("4.3");

/** The module has a target of its own: Spark on this machine. */
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

    await quickInput.openFile(sourceFile);
    await workbench.run("Native UDF: Submit to Target");
    await workbench.notification(/first failed/).waitFor();
    const line = lineOf(source, "throw std::");
    const problems = await workbench.problems();
    const problem = problems
      .filter({ hasText: /row 0 of partition 0: checked\(\): no such temperature/ })
      .filter({ hasText: `[Ln ${line}, Col ` });
    await problem.waitFor();
    await problem.click();
    await workbench.cursorAt(line);
    await workbench.screenshot("spark-throw");

    const text = '  if (celsius < -300) throw std::runtime_error("no such temperature");';
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
