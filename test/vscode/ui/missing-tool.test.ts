import path from "node:path";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { authorModule } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

workbenchTest(
  "a build without cmake names it and how to get it, and its button leads to the Doctor, who says the same",
  { folder: () => authorModule({ name: "no-cmake" }), env: { CMAKE: path.join(temporaryFolder("no-tools"), "cmake") } },
  async (workbench) => {
    await workbench.run("Native UDF: Build");
    const missing = /there is no cmake on this machine\. .*install .*cmake/;
    await workbench.notification(missing).waitFor();
    await workbench.answer(missing, "Doctor");
    const notifications = await workbench.notifications();
    await notifications.filter({ hasText: /cmake/ }).filter({ hasNotText: missing }).first().waitFor();
  },
);
