import assert from "node:assert/strict";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { workbenchTest } from "../workbench-test.ts";

workbenchTest(
  "in an empty folder, Doctor is in the palette and says that every tool is there; nothing is in the status bar",
  { folder: () => temporaryFolder("empty") },
  async (workbench) => {
    await workbench.run("Native UDF: Doctor");
    await workbench.notification("Everything that is needed is here.").waitFor();
    assert.equal(await workbench.status.count(), 0);
  },
);
