import { after, test } from "node:test";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { authorModule } from "../author-module.ts";
import { launch } from "../browser.ts";
import { startServer } from "../server.ts";
import { builtVsix } from "../shared.ts";
import { Workbench } from "../workbench.ts";

test("a build without cmake names it and how to get it, and its button leads to the Doctor, who says the same", async () => {
  const folder = await authorModule({ name: "no-cmake" });
  const server = await startServer({
    ...{ vsix: await builtVsix(), trust: "every folder" },
    env: { CMAKE: `${temporaryFolder("no-tools")}/cmake` },
  });
  after(() => server.close());
  const workbench = await Workbench.open({ browser: await launch(server.browser), origin: server.origin, folder });
  try {
    await workbench.run("Native UDF: Build");
    const missing = /there is no cmake on this machine\. .*install .*cmake/;
    await workbench.notification(missing).waitFor();
    await workbench.answer(missing, "Doctor");
    await workbench.notification(/cmake/).filter({ hasNotText: missing }).first().waitFor();
  } finally {
    await workbench.close();
  }
});
