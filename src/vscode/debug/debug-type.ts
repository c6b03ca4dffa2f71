import * as vscode from "vscode";

export const debugType = "native-udf";

/** Folder of the module and name of the job. */
export type DebugChoice = { module: string; job: string };

export function configurationOf({ module, job }: DebugChoice): vscode.DebugConfiguration {
  return { type: debugType, request: "launch", name: vscode.l10n.t("Debug {0}", job), module, job };
}
