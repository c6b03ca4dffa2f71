import * as vscode from "vscode";
import type { CommandId } from "./command.ts";

const id: CommandId = "nativeUdf.showLog";

/** Opens the extension's log; also where the extension could not start, so it needs nothing else of it. */
export function registerShowLog(log: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.commands.registerCommand(id, () => log.show());
}
