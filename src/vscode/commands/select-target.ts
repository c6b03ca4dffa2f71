import * as vscode from "vscode";
import { describeTarget, selectedTarget, targetsIn } from "../targets.ts";
import type { Command } from "./command.ts";

/** Chooses where jobs run; the workspace remembers it. */
export const selectTarget: Command = {
  id: "nativeUdf.selectTarget",
  needsTrust: false,
  run: async ({ modules }, argument) => {
    await modules.untilSearched();
    const targets = targetsIn(modules);
    const current = selectedTarget();
    const given = targets.find(({ name }) => name === argument);
    const items = targets.map((target) => ({
      label: target.name,
      description: target.name === current ? vscode.l10n.t("selected") : "",
      detail: describeTarget(target),
      target,
    }));
    const picked =
      given ?? (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Target") }))?.target;
    if (!picked) throw new vscode.CancellationError();
    await vscode.workspace
      .getConfiguration("nativeUdf")
      .update("target", picked.name, vscode.ConfigurationTarget.Workspace);
  },
};
