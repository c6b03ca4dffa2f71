import * as vscode from "vscode";
import { withProgress } from "../with-progress.ts";
import type { Command } from "./command.ts";

/** Shows what is found on this machine, what is missing, and how to get it. */
export const doctor: Command = {
  id: "nativeUdf.doctor",
  needsTrust: false,
  run: async ({ log }) => {
    const { complete, checks } = await withProgress({
      title: vscode.l10n.t("Looking for the tools"),
      run: async ({ signal }) => (await import("../../toolchain/doctor.ts")).doctor({ signal }),
    });
    for (const { name, status, version, path, next, tried } of checks) {
      log.info([name, status, version, path, next].filter((part) => part !== undefined).join(", "));
      for (const line of tried) log.debug(`  tried ${line}`);
    }
    const showLog = vscode.l10n.t("Show Log");
    const missing = checks.filter(({ next }) => next !== undefined);
    const chosen = complete
      ? await vscode.window.showInformationMessage(vscode.l10n.t("Everything that is needed is here."), showLog)
      : await vscode.window.showErrorMessage(missing.map(({ name, next }) => `${name}: ${next}`).join(" "), showLog);
    if (chosen === showLog) log.show();
  },
};
