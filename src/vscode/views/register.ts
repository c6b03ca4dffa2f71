import * as vscode from "vscode";
import type { Services } from "../services.ts";
import { ModulesView } from "./modules-view.ts";
import { RunsView } from "./runs-view.ts";
import { TargetsView } from "./targets-view.ts";

/** The three views of the container in the activity bar. */
export function registerViews(services: Services): vscode.Disposable {
  const modules = new ModulesView(services);
  const targets = new TargetsView(services);
  const runs = new RunsView(services);
  const runsTree = vscode.window.createTreeView("nativeUdf.runs", { treeDataProvider: runs });
  const badge = () => {
    const count = services.runs.running.length;
    const tooltip = vscode.l10n.t("{0} runs go on", count);
    runsTree.badge = count > 0 ? { value: count, tooltip } : undefined;
  };
  return vscode.Disposable.from(
    modules,
    targets,
    runs,
    runsTree,
    vscode.window.createTreeView("nativeUdf.modules", { treeDataProvider: modules, showCollapseAll: true }),
    vscode.window.createTreeView("nativeUdf.targets", { treeDataProvider: targets }),
    services.runs.onDidChange(badge),
  );
}
