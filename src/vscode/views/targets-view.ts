import * as vscode from "vscode";
import type { Target } from "../../core/target.ts";
import type { Modules } from "../modules.ts";
import { describeTarget, selectedTarget, targetsIn } from "../targets.ts";

/** Where jobs can run, and which target is selected. */
export class TargetsView implements vscode.TreeDataProvider<Target>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #modules: Modules;
  readonly #subscription: vscode.Disposable;

  constructor(modules: Modules) {
    this.#modules = modules;
    this.#subscription = vscode.Disposable.from(
      modules.onDidChange(() => this.#changed.fire(undefined)),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("nativeUdf.target")) this.#changed.fire(undefined);
      }),
    );
  }

  getChildren(node?: Target): Target[] {
    return node ? [] : targetsIn(this.#modules);
  }

  getTreeItem(target: Target): vscode.TreeItem {
    const isSelected = target.name === selectedTarget();
    const item = new vscode.TreeItem(target.name);
    item.description = isSelected ? vscode.l10n.t("selected") : "";
    item.tooltip = describeTarget(target);
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
