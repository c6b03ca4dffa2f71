import assert from "node:assert/strict";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { projectRoot } from "../../support/command-line.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { workbenchTest } from "../workbench-test.ts";

workbenchTest(
  "from an empty window: scaffold the flights, build, submit the job, see the run succeed and its result",
  {},
  async (workbench) => {
    const parent = folderWithFlights();
    const root = path.join(parent, "flight_features");
    const { quickInput } = workbench;

    await workbench.run("Native UDF: Scaffold New Extension…");
    await quickInput.pick("Template", "flights");
    await quickInput.enter("Name of the module", "flight_features");
    await quickInput.chooseFolder("Folder that the module's folder is made in", parent);
    await workbench.opened(root);
    assert.ok(existsSync(path.join(root, "native-udf.json")));
    await workbench.status.filter({ hasText: "local" }).waitFor();

    await workbench.run("Native UDF: Build");
    const modules = await workbench.treeView("Modules");
    await modules.filter({ hasText: /^flight_features-[0-9a-f]{12}\.udf\.so/ }).waitFor();
    await modules.filter({ hasText: "haversine_km(lat1: double, lon1: double, lat2: double, lon2: double)" }).waitFor();
    await workbench.screenshot("modules");

    await workbench.run("Native UDF: Submit Job…");
    const runs = await workbench.treeView("Runs");
    await runs.and(workbench.page.locator('[aria-label^="by-origin succeeded"]')).waitFor();
    await workbench.screenshot("run");

    const result = path.join(root, "out", "by-origin.parquet");
    const flights = path.join(root, "data", "flights-3m.parquet");
    assert.deepEqual(
      await query(`SELECT origin, flights FROM '${result}' ORDER BY flights DESC, origin LIMIT 3`),
      await query(`SELECT origin, count(*) FROM '${flights}' GROUP BY origin ORDER BY count(*) DESC, origin LIMIT 3`),
    );
  },
);

/** A folder for a module; the flights are found as an npm package above it. */
function folderWithFlights(): string {
  const folder = temporaryFolder("flights");
  mkdirSync(path.join(folder, "node_modules"));
  const name = path.join("node_modules", "vega-datasets");
  symlinkSync(path.join(projectRoot, name), path.join(folder, name));
  return folder;
}

/** What DuckDB says, apart from our runner. */
async function query(sql: string): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  try {
    return (await connection.runAndReadAll(sql)).getRows();
  } finally {
    connection.closeSync();
  }
}
