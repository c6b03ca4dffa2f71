import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { authorModule } from "../author-module.ts";
import type { Workbench } from "../workbench.ts";
import { workbenchTest } from "../workbench-test.ts";

/** What the folder's settings say; VS Code reads them again. */
function settings(root: string, values: Record<string, unknown>): void {
  mkdirSync(path.join(root, ".vscode"), { recursive: true });
  writeFileSync(path.join(root, ".vscode", "settings.json"), JSON.stringify(values));
}

/** A module with programs that are none of what the settings want. */
async function moduleWithPrograms(): Promise<string> {
  const root = await authorModule({ name: "settings", map: "SELECT fahrenheit(celsius) AS x FROM input" });
  writeFileSync(path.join(root, "other.sh"), "#!/bin/sh\necho something else\n", { mode: 0o755 });
  writeFileSync(path.join(root, "old.sh"), "#!/bin/sh\necho node 18.20.0\n", { mode: 0o755 });
  writeFileSync(path.join(root, "plain.txt"), "no program\n", { mode: 0o644 });
  return root;
}

/** Runs the command until its error names the setting as it is now: VS Code reads the file a little later. */
async function refused(workbench: Workbench, command: string, message: RegExp): Promise<void> {
  const shown = workbench.notification(message);
  const limit = Date.now() + 60_000;
  do {
    await workbench.run("Notifications: Clear All Notifications");
    await workbench.run(command);
    await shown.waitFor({ timeout: 10_000 }).catch(() => undefined);
  } while (!(await shown.isVisible()) && Date.now() < limit);
  assert.ok(await shown.isVisible(), `no notification says ${message}`);
}

workbenchTest(
  "a wrong setting is told with its name, its value and what is wrong with it, and the job runs when it is corrected",
  { folder: moduleWithPrograms },
  async (workbench, root) => {
    const submit = "Native UDF: Submit Job…";
    const node: [string, string][] = [
      ["absent", "there is no such file"],
      ["src", "it is a folder, not a program"],
      ["plain.txt", "it is no program that can be run"],
      ["other.sh", "it is a program, but no Node"],
      ["old.sh", "this Node is too old: version 18.20.0 is older than 20.17"],
    ];
    for (const [name, wrong] of node) {
      const file = path.join(root, name);
      settings(root, { "nativeUdf.nodePath": file });
      await refused(workbench, submit, new RegExp(`nativeUdf\\.nodePath: ${file}: ${wrong}\\.`));
    }
    const adapter: [string, string][] = [
      ["absent", "not found"],
      ["src", "not found"],
      ["plain.txt", "not found"],
      ["other.sh", "it is no debug adapter"],
    ];
    for (const [name, wrong] of adapter) {
      const file = path.join(root, name);
      settings(root, { "nativeUdf.debuggerPath": file });
      const message = `nativeUdf\\.debuggerPath: ${file}: this is no debug adapter that can be used \\(${wrong}\\)`;
      await refused(workbench, "Native UDF: Debug Job", new RegExp(message));
    }
    settings(root, { "nativeUdf.workers": -3 });
    await refused(workbench, submit, /nativeUdf\.workers: -3: it must be a whole number from 0 to 1024\./);

    settings(root, { "nativeUdf.target": "moon" });
    await workbench.status.filter({ hasText: "moon" }).waitFor();
    await refused(workbench, "Native UDF: Submit to Target", /nativeUdf\.target: there is no target "moon"\./);
    assert.ok(!existsSync(path.join(root, ".native-udf", "runs")), "nothing has run");

    settings(root, {});
    await workbench.status.filter({ hasText: "local" }).waitFor();
    await workbench.run("Native UDF: Submit to Target");
    const runs = await workbench.treeView("Runs");
    await runs.and(workbench.page.locator('[aria-label^="first succeeded"]')).waitFor();
  },
);
