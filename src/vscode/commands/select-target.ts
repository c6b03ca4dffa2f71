import * as vscode from "vscode";
import type { Target } from "../../core/target.ts";
import { describeTarget, selectedTarget, targetsIn } from "../targets.ts";
import type { Command } from "./command.ts";

/** Chooses where jobs run; the workspace remembers it. */
export const selectTarget: Command = {
  id: "nativeUdf.selectTarget",
  needsTrust: false,
  run: async ({ modules }, argument) => {
    await modules.untilSearched();
    const targets = targetsIn(modules);
    const given = targets.find(({ name }) => name === argument);
    await select(given ?? (await pickTarget(targets, vscode.l10n.t("Target"))));
  },
};

/** Asks for one of the targets and selects it. Throws CancellationError when the user picks none. */
export async function askForTarget(targets: readonly Target[], question: string): Promise<Target> {
  const picked = await pickTarget(targets, question);
  await select(picked);
  return picked;
}

async function pickTarget(targets: readonly Target[], question: string): Promise<Target> {
  const current = selectedTarget();
  const items = targets.map((target) => ({
    label: target.name,
    description: target.name === current ? vscode.l10n.t("selected") : "",
    detail: describeTarget(target),
    target,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: question });
  if (!picked) throw new vscode.CancellationError();
  return picked.target;
}

async function select({ name }: Target): Promise<void> {
  const settings = vscode.workspace.getConfiguration("nativeUdf");
  await settings.update("target", name, vscode.ConfigurationTarget.Workspace);
}
