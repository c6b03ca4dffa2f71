import * as vscode from "vscode";
import { targetOfUrl } from "../../core/target.ts";
import type { Services } from "../services.ts";
import { selectedTarget, targetsIn } from "../targets.ts";

/** The one item in the status bar: the target, and what goes on there. Shown only where there is a module. */
export function registerStatusBar(services: Services): vscode.Disposable {
  const { state, modules, runs } = services;
  const item = vscode.window.createStatusBarItem("nativeUdf.status", vscode.StatusBarAlignment.Left, 10);
  item.name = "Native UDF";
  const show = () => {
    if (modules.all.length === 0 && modules.broken.length === 0) {
      item.hide();
      return;
    }
    item.backgroundColor = undefined;
    if (state.state.kind === "failed") {
      item.text = "$(error) Native UDF";
      item.tooltip = state.state.error.message;
      item.backgroundColor = new vscode.ThemeColor("statusBarItem.errorBackground");
      item.command = "nativeUdf.showLog";
    } else if (state.state.kind === "limited") {
      item.text = "$(shield) Native UDF";
      item.tooltip = vscode.l10n.t("The folder is not trusted, so nothing in it is built or run.");
      item.command = "workbench.trust.manage";
    } else if (runs.running.length > 0) {
      const [run] = runs.running;
      const percent = run?.fraction === undefined ? "" : ` ${Math.floor(run.fraction * 100)} %`;
      item.text = `$(sync~spin) ${run?.job ?? ""}${percent}`;
      item.tooltip = vscode.l10n.t("{0} runs go on. Show the panel.", runs.running.length);
      item.command = "nativeUdf.showPanel";
    } else {
      const name = selectedTarget();
      const exists = targetsIn(modules).some((target) => target.name === name) || targetOfUrl(name) !== undefined;
      item.text = `${exists ? "$(server-process)" : "$(warning)"} ${name}`;
      item.tooltip = exists
        ? vscode.l10n.t("Native UDF: jobs run on this target. Select another.")
        : vscode.l10n.t('there is no target "{0}"', name);
      item.command = "nativeUdf.selectTarget";
    }
    item.show();
  };
  show();
  return vscode.Disposable.from(
    item,
    state.onDidChange(show),
    modules.onDidChange(show),
    runs.onDidChange(show),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("nativeUdf.target")) show();
    }),
  );
}
