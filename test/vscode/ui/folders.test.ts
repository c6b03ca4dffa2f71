import { authorModule } from "../author-module.ts";
import { openWorkbench } from "../shared.ts";
import type { Workbench } from "../workbench.ts";
import { workbenchTest } from "../workbench-test.ts";

/** The one run of the view, which has succeeded. */
async function succeeded(workbench: Workbench): Promise<void> {
  const runs = await workbench.treeView("Runs");
  await runs.and(workbench.page.locator('[aria-label^="first succeeded"]')).waitFor();
}

workbenchTest(
  "a module in a folder with spaces and letters of other alphabets is built, its job runs, and another window sees the run",
  { folder: () => authorModule({ name: "Zoë's 機能 (1)" }) },
  async (workbench, folder) => {
    const other = await openWorkbench({ folder });
    await other.treeView("Runs");
    await workbench.run("Native UDF: Submit Job…");
    await succeeded(workbench);
    await succeeded(other);
    await other.close();
  },
);
