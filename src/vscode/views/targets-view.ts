import * as vscode from "vscode";
import type { Target } from "../../core/target.ts";
import type { Modules } from "../modules.ts";
import type { Runs } from "../runs.ts";
import type { Services } from "../services.ts";
import { describeTarget, selectedTarget, targetsIn } from "../targets.ts";

/** Where jobs can run, and which target is selected. */
export class TargetsView implements vscode.TreeDataProvider<Target>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #modules: Modules;
  readonly #runs: Runs;
  readonly #subscription: vscode.Disposable;

  constructor({ modules, runs }: Services) {
    this.#modules = modules;
    this.#runs = runs;
    this.#subscription = vscode.Disposable.from(
      runs.onDidChange(() => this.#changed.fire(undefined)),
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
    const facts = [...(isSelected ? [vscode.l10n.t("selected")] : []), ...this.#stateOf(target)];
    item.description = facts.join(" · ");
    item.tooltip = describeTarget(target);
    item.iconPath = new vscode.ThemeIcon(isSelected ? "vm-active" : "vm");
    item.command = {
      command: "nativeUdf.selectTarget",
      title: vscode.l10n.t("Select"),
      arguments: [target.name],
    };
    return item;
  }

  /** What goes on there, or how it went the last time. */
  #stateOf({ name }: Target): string[] {
    const own = this.#runs.all.filter((run) => run.target === name);
    const running = own.filter(({ state }) => state === "running").length;
    if (running > 0) return [vscode.l10n.t("{0} running", running)];
    const [last] = own;
    return last ? [vscode.l10n.t("last run {0}", last.state)] : [];
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
