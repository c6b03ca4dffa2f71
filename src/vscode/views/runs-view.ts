import * as vscode from "vscode";
import type { RunState } from "../../run/store.ts";
import type { LiveRun } from "../runs.ts";
import type { Services } from "../services.ts";

type Node = { run: LiveRun; runId: string };

const icons: Record<RunState, vscode.ThemeIcon> = {
  running: new vscode.ThemeIcon("loading~spin"),
  succeeded: new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed")),
  failed: new vscode.ThemeIcon("error", new vscode.ThemeColor("testing.iconFailed")),
  cancelled: new vscode.ThemeIcon("circle-slash"),
  lost: new vscode.ThemeIcon("question"),
};

/** The runs of the workspace's modules, newest first. */
export class RunsView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #services: Services;
  readonly #subscription: vscode.Disposable;

  constructor(services: Services) {
    this.#services = services;
    this.#subscription = services.runs.onDidChange(() => this.#changed.fire(undefined));
  }

  getChildren(node?: Node): Node[] {
    return node ? [] : this.#services.runs.all.map((run) => ({ run, runId: run.id }));
  }

  getTreeItem({ run }: Node): vscode.TreeItem {
    const item = new vscode.TreeItem(run.job || run.id);
    item.id = `${run.module.root}/${run.id}`;
    item.description = description(run);
    item.iconPath = icons[run.state];
    item.contextValue = run.state === "running" ? "run.running" : "run.ended";
    item.tooltip = `${run.id}\n${run.folder.path}`;
    item.accessibilityInformation = { label: `${run.job} ${run.state} ${description(run)}` };
    item.command = { command: "nativeUdf.showRun", title: vscode.l10n.t("Show Run"), arguments: [run.id] };
    return item;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

function description({ state, fraction, seconds, target: place, sampleRows, sanitize, id }: LiveRun): string {
  const sample = sampleRows === undefined ? "" : ` · ${vscode.l10n.t("sample")}`;
  const target = `${place}${sample}${sanitize ? ` · ${vscode.l10n.t("sanitizers")}` : ""}`;
  if (state === "running") return fraction === undefined ? target : `${target} · ${Math.floor(fraction * 100)} %`;
  const time = seconds === null ? "" : ` · ${seconds.toFixed(1)} s`;
  return `${target}${time} · ${startOf(id)}`;
}

/** The id begins with the time, UTC: `20261121-104210-…`. Shown as the clock here. */
function startOf(id: string): string {
  const found = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)/.exec(id);
  if (!found) return id;
  const [year = 0, month = 1, ...rest] = found.slice(1).map(Number);
  const [day = 1, hour = 0, minute = 0, second = 0] = rest;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second)).toLocaleTimeString(vscode.env.language, {
    hour: "2-digit",
    minute: "2-digit",
  });
}
