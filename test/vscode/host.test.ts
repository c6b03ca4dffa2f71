import { launch } from "./browser.ts";
import { hostSuite } from "./host-suite.ts";
import { startServer } from "./server.ts";
import { builtVsix } from "./shared.ts";
import { Workbench } from "./workbench.ts";

hostSuite("in the extension host of the VS Code server", async ({ folder, developmentPath, testsPath, env }) => {
  const server = await startServer({ vsix: await builtVsix(), trust: "every folder", driver: true, env });
  const remote = (file: string) => `vscode-remote://${new URL(server.origin).host}${file}`;
  let exited: (code: number) => void = () => undefined;
  const exitCode = new Promise<number>((resolve) => {
    exited = resolve;
  });
  const workbench = await Workbench.open({
    browser: await launch(server.browser),
    origin: server.origin,
    folder,
    payload: [
      ["extensionDevelopmentPath", remote(developmentPath)],
      ["extensionTestsPath", remote(testsPath)],
    ],
    prepare: async (page) => {
      await page.exposeFunction("codeAutomationLog", () => undefined);
      await page.exposeFunction("codeAutomationExit", (code: number) => exited(code));
    },
  });
  try {
    return await exitCode;
  } finally {
    await workbench.close();
    await server.close();
  }
});
