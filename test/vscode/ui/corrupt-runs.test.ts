import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { authorModule } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

const broken = "20260101-000000-broken-0001";

/** A module with a run whose files somebody has changed, and with something that is no run. */
async function moduleWithBrokenRuns(): Promise<string> {
  const root = await authorModule({ name: "corrupt", map: "SELECT fahrenheit(celsius) AS x FROM input" });
  const runs = path.join(root, ".native-udf", "runs");
  mkdirSync(path.join(runs, broken), { recursive: true });
  writeFileSync(path.join(runs, broken, "events.ndjson"), '{"seq":1}\n\u0000\u0000 no event\n');
  writeFileSync(path.join(runs, broken, "summary.json"), "{");
  writeFileSync(path.join(runs, "20260101-000001-file-0002"), "no folder");
  return root;
}

workbenchTest(
  "runs that cannot be read are shown as lost, hide no other run, and can be removed",
  { folder: moduleWithBrokenRuns },
  async (workbench) => {
    const { page } = workbench;
    const runs = await workbench.treeView("Runs");
    const lost = runs.and(page.locator(`[aria-label^="${broken} lost"]`));
    await lost.waitFor();
    await workbench.run("Native UDF: Submit Job…");
    await runs.and(page.locator('[aria-label^="first succeeded"]')).waitFor();
    await lost.hover();
    await lost.getByRole("button", { name: "Remove Run" }).click();
    await lost.waitFor({ state: "hidden" });
    await runs.and(page.locator('[aria-label^="first succeeded"]')).waitFor();
  },
);
