import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { tsImport } from "tsx/esm/api";
import { bootstrap } from "./bootstrap.mjs";
import { Failure, runCommand } from "./failure.mjs";
import { inProject } from "./project.mjs";
import { run } from "./run.mjs";

/** Where VS Code's `code` command lies, and where its program lies beside it. */
const layouts = [
  { command: path.join("bin", "code"), program: "code" },
  { command: path.join("bin", "code"), program: path.join("..", "..", "MacOS", "Electron") },
];

await runCommand(async () => {
  await bootstrap();
  const { command, program } = await findVscode();
  const env = { ...process.env, NATIVE_UDF_VSCODE_COMMAND: command, NATIVE_UDF_VSCODE: program };
  const args = ["--import", "tsx", inProject("test", "vscode", "desktop.ts")];
  return (await run(process.execPath, args, { show: true, env })).exitCode;
});

/** The VS Code of NATIVE_UDF_VSCODE, which is the path of its `code` command, or the one whose command is on PATH. */
async function findVscode() {
  /** @type {typeof import("../src/toolchain/on-path.ts")} */
  const { onPath } = await tsImport("../src/toolchain/on-path.ts", import.meta.url);
  const command = process.env.NATIVE_UDF_VSCODE || onPath("code");
  if (command === undefined || !existsSync(command)) {
    throw new Failure(
      "these tests need VS Code. Set NATIVE_UDF_VSCODE to the path of its command (…/bin/code), or put it on PATH.",
      3,
    );
  }
  const real = realpathSync(command);
  for (const layout of layouts) {
    if (!real.endsWith(layout.command)) continue;
    const program = path.resolve(real.slice(0, -layout.command.length), layout.program);
    if (existsSync(program)) return { command: real, program };
  }
  throw new Failure(`${real} is no command of VS Code's: there is no program of VS Code beside it.`, 3);
}
