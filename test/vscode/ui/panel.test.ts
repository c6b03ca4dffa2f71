import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { scaffold } from "../../../src/scaffold/scaffold.ts";
import { projectRoot } from "../../support/command-line.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { workbenchTest } from "../workbench-test.ts";

/** The flights, with their data. */
async function flights(): Promise<string> {
  const parent = temporaryFolder("panel");
  mkdirSync(path.join(parent, "node_modules"));
  const name = path.join("node_modules", "vega-datasets");
  symlinkSync(path.join(projectRoot, name), path.join(parent, name));
  const root = path.join(parent, "flight_features");
  await scaffold({ folder: root, template: "flights" });
  return root;
}

workbenchTest(
  "the panel shows a run of the flights while it goes on and when it has ended, with its result, and again after a reload",
  { folder: flights },
  async (workbench) => {
    await workbench.run("Native UDF: Submit Job…");
    const panel = workbench.webview;
    await panel.getByRole("heading", { name: "by-origin local · succeeded" }).waitFor();
    await panel.getByText("3.0M / 3.0M rows").waitFor();
    await panel.getByRole("button", { name: /^Part 0, worker \d, succeeded/ }).waitFor();
    await workbench.screenshot("panel");
    await panel.getByRole("tab", { name: "Result" }).click();
    await panel.getByText("229 rows in").waitFor();
    await panel.getByRole("button", { name: "out/by-origin.parquet" }).waitFor();
    await panel.getByRole("button", { name: "ORD", exact: true }).waitFor();
    await workbench.screenshot("result");

    await workbench.reload();
    await workbench.run("Native UDF: Show Panel");
    await workbench.webview.getByRole("heading", { name: "by-origin local · succeeded" }).waitFor();
    await workbench.webview.getByRole("tab", { name: "Result" }).click();
    await workbench.webview.getByRole("button", { name: "ORD", exact: true }).waitFor();
  },
);
