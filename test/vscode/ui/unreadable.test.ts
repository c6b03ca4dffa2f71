import { renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { authorModule } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

/** As a permission does, a file where a folder is needed makes it unreadable; that holds for root, too. */
function block(root: string, name: string): () => void {
  const file = path.join(root, name);
  renameSync(file, `${file}.away`);
  writeFileSync(file, "");
  return () => {
    rmSync(file);
    renameSync(`${file}.away`, file);
  };
}

workbenchTest(
  "folders that cannot be read are told with their path, the extension lives on, and they work again when they can be read",
  {
    folder: async () => {
      const root = await authorModule({ name: "unreadable", map: "SELECT fahrenheit(celsius) AS x FROM input" });
      writeFileSync(path.join(root, ".native-udf"), "");
      return root;
    },
  },
  async (workbench, root) => {
    const state = path.join(root, ".native-udf");
    const submit = "Native UDF: Submit Job…";
    await workbench.run(submit);
    await workbench.notification(`${state}: there is a file already where a folder is needed.`).first().waitFor();
    rmSync(state);
    await workbench.run(submit);
    const runs = await workbench.treeView("Runs");
    await runs.and(workbench.page.locator('[aria-label^="first succeeded"]')).waitFor();

    const unblock = block(root, "jobs");
    await workbench.run("Developer: Reload Window");
    await workbench.ready();
    const modules = await workbench.treeView("Modules");
    await modules.filter({ hasText: "a folder is needed" }).first().waitFor();
    unblock();
    await modules.filter({ hasText: "a folder is needed" }).first().waitFor({ state: "hidden" });
    await modules.filter({ hasText: "flight_features" }).first().waitFor();
  },
);
