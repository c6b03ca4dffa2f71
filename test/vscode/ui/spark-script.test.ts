import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { spark } from "../../support/spark.ts";
import { authorModule, lineOf } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

const file = "jobs/warm.py";
const script = `# How warm it is, halved.
from flight_features import spark as ff
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
cities = spark.createDataFrame([("oslo", 6.0), ("nairobi", 19.0)], "city string, celsius double")


@F.udf("double")
def halved(value: float) -> float:
    return value / 0


cities.select("city", halved(ff.fahrenheit("celsius")).alias("half")).show()
`;

const installed = await spark("4.3");

/** The template's module with a script, and a target of its own: Spark on this machine. */
async function withScript(): Promise<string> {
  const root = await authorModule({ name: "script" });
  mkdirSync(path.join(root, "jobs"), { recursive: true });
  writeFileSync(path.join(root, file), script);
  const settings = path.join(root, "native-udf.json");
  const targets = { cluster: { kind: "spark", master: "local[1]", python: path.relative(root, installed.python) } };
  writeFileSync(settings, JSON.stringify({ ...JSON.parse(readFileSync(settings, "utf8")), targets }));
  return root;
}

workbenchTest(
  "a PySpark script from its editor: a target is asked for, a failure is at its line, and the run button submits it again",
  { folder: withScript, env: { ...installed.environment } },
  async (workbench, root) => {
    const { page, quickInput } = workbench;
    await quickInput.openFile(file);
    await page.locator(".codelens-decoration a", { hasText: "Submit to Spark…" }).click();
    await quickInput.pick("A PySpark script runs on Spark", "cluster");
    await page.locator(".codelens-decoration a", { hasText: "Submit to cluster" }).waitFor();
    await workbench.notification(/warm failed/).waitFor();
    const line = lineOf(script, "value / 0");
    const problems = await workbench.problems();
    const problem = problems
      .filter({ hasText: "ZeroDivisionError: float division by zero" })
      .filter({ hasText: `[Ln ${line}, Col ` });
    await problem.waitFor();
    await problem.click();
    await workbench.cursorAt(line);

    await workbench.replaceLine({ root, file, line, text: "    return value / 2" });
    await problem.waitFor({ state: "hidden" });
    await page
      .locator(".editor-actions")
      .getByRole("button", { name: /^Submit to Target/ })
      .click();
    const runs = await workbench.treeView("Runs");
    await runs.and(page.locator('[aria-label^="warm succeeded cluster"]')).waitFor();
    await workbench.run("Native UDF: Show Panel");
    await workbench.webview.getByRole("tab", { name: /Logs/ }).click();
    // 6 and 19 degrees are 42.8 and 66.2
    await workbench.webview
      .getByText(/nairobi\|\s*33\.1\|/)
      .first()
      .waitFor();
  },
);
