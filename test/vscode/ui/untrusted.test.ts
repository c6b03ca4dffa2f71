import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { authorModule } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

workbenchTest(
  "in a folder that is not trusted, nothing is built or run, the status bar says why, and trust makes it work",
  { folder: () => authorModule({ name: "untrusted" }), trust: "ask" },
  async (workbench, root) => {
    await workbench.status.filter({ hasText: "Native UDF" }).waitFor();
    const commands = await workbench.quickInput.commands("Native UDF", "Native UDF: Doctor");
    for (const verb of ["Build", "Clean", "Generate Stubs", "Submit Job…"]) {
      assert.ok(!commands.includes(`Native UDF: ${verb}`), verb);
    }
    assert.ok(!existsSync(path.join(root, "build")));

    await workbench.status.click();
    await workbench.page.getByRole("button", { name: "Trust", exact: true }).click();
    await workbench.status.filter({ hasText: "local" }).waitFor();
    // while it is there, it can keep the keys
    await workbench.page.getByRole("button", { name: "Close Modal Editor" }).click();
    await workbench.run("Native UDF: Build");
    const modules = await workbench.treeView("Modules");
    await modules.filter({ hasText: /^flight_features-[0-9a-f]{12}\.udf\.so/ }).waitFor();
  },
);
