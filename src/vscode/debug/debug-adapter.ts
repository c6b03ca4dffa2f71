import path from "node:path";
import * as vscode from "vscode";
import { type DebugAdapter, findDebugAdapter } from "../../toolchain/debug-adapter.ts";
import { nodeEnvironment } from "../../toolchain/node-environment.ts";
import type { Services } from "../services.ts";
import { configuredPath } from "../settings.ts";

/** The debug adapter of the settings, or of this machine. Throws TOOL_MISSING. */
export function debugAdapterOf(): Promise<DebugAdapter> {
  return findDebugAdapter({ path: configuredPath("debuggerPath"), setting: "nativeUdf.debuggerPath" });
}

/** The command line's own adapter, in a process of its own: the run's coordinator is there, too. */
export function adapterProgram({ context }: Services, session: vscode.DebugSession): vscode.DebugAdapterDescriptor {
  const program = path.join(context.extensionPath, "dist", "cli.js");
  const chosen = configuredPath("debuggerPath");
  return new vscode.DebugAdapterExecutable(process.execPath, [program, "debug", "--dap"], {
    cwd: String(session.configuration.module),
    env: nodeEnvironment(chosen === undefined ? {} : { NATIVE_UDF_DEBUGGER: chosen }),
  });
}
