import * as vscode from "vscode";
import { selectedTarget, type Target, targets } from "../targets.ts";

/** Where jobs can run, and which target is selected. */
export class TargetsView implements vscode.TreeDataProvider<Target>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscription: vscode.Disposable;

  constructor() {
    this.#subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("nativeUdf.target")) this.#changed.fire(undefined);
    });
  }

  getChildren(node?: Target): Target[] {
    return node ? [] : [...targets];
  }

  getTreeItem(target: Target): vscode.TreeItem {
    const isSelected = target.name === selectedTarget().name;
    const item = new vscode.TreeItem(target.name);
    item.description = isSelected ? vscode.l10n.t("selected") : "";
    item.tooltip = target.description();
    item.iconPath = new vscode.ThemeIcon(isSelected ? "vm-active" : "vm");
    item.command = {
      command: "nativeUdf.selectTarget",
      title: vscode.l10n.t("Select"),
      arguments: [target.name],
    };
    return item;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
