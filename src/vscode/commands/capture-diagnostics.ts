import path from "node:path";
import * as vscode from "vscode";
import { withProgress } from "../with-progress.ts";
import type { Command } from "./command.ts";

/** Writes a zip for a bug report, without secrets. */
export const captureDiagnostics: Command = {
  id: "nativeUdf.captureDiagnostics",
  needsTrust: false,
  run: async ({ modules, context }) => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(process.cwd());
    const target = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(folder, "native-udf-report.zip"),
      filters: { Zip: ["zip"] },
      title: vscode.l10n.t("Save the report as"),
    });
    if (!target) throw new vscode.CancellationError();
    await withProgress({
      title: vscode.l10n.t("Collecting"),
      run: async ({ signal }) =>
        (await import("../../report/capture.ts")).captureReport({
          file: target.fsPath,
          modules: modules.all.map(({ module }) => module),
          logs: [path.join(context.logUri.fsPath, "Native UDF.log")],
          facts: { vscode: vscode.version, remote: vscode.env.remoteName ?? "none" },
          signal,
        }),
    });
    const show = vscode.l10n.t("Show in Explorer");
    const message = vscode.l10n.t("The report is in {0}. Look at what it holds before you send it.", target.fsPath);
    const chosen = await vscode.window.showInformationMessage(message, show);
    if (chosen === show) await vscode.commands.executeCommand("revealFileInOS", target);
  },
};
