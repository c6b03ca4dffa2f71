import path from "node:path";
import { runTests } from "@vscode/test-electron";
import { execa } from "execa";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { hostSuite } from "./host-suite.ts";
import { builtVsix } from "./shared.ts";

/*
 * The extension-host tests in a VS Code of the desktop: `npm run test:desktop`, which names its two programs.
 */
const command = process.env.NATIVE_UDF_VSCODE_COMMAND ?? "";
const vscodeExecutablePath = process.env.NATIVE_UDF_VSCODE ?? "";

hostSuite("in the extension host of the desktop's VS Code", async ({ folder, developmentPath, testsPath, env }) => {
  const own = temporaryFolder("desktop");
  const launchArgs = [`--extensions-dir=${path.join(own, "extensions")}`, `--user-data-dir=${path.join(own, "data")}`];
  await execa(command, [...launchArgs, "--install-extension", await builtVsix()]);
  return runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: developmentPath,
    extensionTestsPath: testsPath,
    extensionTestsEnv: env,
    launchArgs: [folder, ...launchArgs],
    // the folders above are given already
    reuseMachineInstall: true,
  });
});
