import path from "node:path";
import * as vscode from "vscode";
import {
  type FunctionDescription,
  type FunctionKind,
  formatDeclaration,
  formatSignature,
  type Manifest,
} from "../../core/manifest.ts";
import type { JobFile } from "../../run/job-files.ts";
import type { BrokenModule, ModuleEntry } from "../modules.ts";
import type { Services } from "../services.ts";

/** `root` and `jobFile` are what the commands of the menus look for. */
type Node =
  | { kind: "module"; entry: ModuleEntry; root: string }
  | { kind: "broken"; broken: BrokenModule }
  | { kind: "artifact"; manifest: Manifest; root: string }
  | { kind: "function"; description: FunctionDescription; root: string }
  | { kind: "job"; job: JobFile; root: string; jobFile: string };

/** The modules of the workspace with their artifact, functions and jobs. */
export class ModulesView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #services: Services;
  readonly #subscription: vscode.Disposable;

  constructor(services: Services) {
    this.#services = services;
    this.#subscription = services.modules.onDidChange(() => this.#changed.fire(undefined));
  }

  getChildren(node?: Node): Node[] {
    const { modules } = this.#services;
    if (!node) {
      return [
        ...modules.all.map((entry): Node => ({ kind: "module", entry, root: entry.module.root })),
        ...modules.broken.map((broken): Node => ({ kind: "broken", broken })),
      ];
    }
    if (node.kind !== "module") return [];
    const { root } = node;
    const { manifest, jobs, scripts } = node.entry;
    return [
      ...(manifest ? [{ kind: "artifact", manifest, root } as const] : []),
      ...(manifest?.functions ?? []).map((description) => ({ kind: "function", description, root }) as const),
      ...[...jobs, ...scripts].map((job) => ({ kind: "job", job, root, jobFile: job.path }) as const),
    ];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case "module":
        return moduleItem(node.entry);
      case "broken":
        return brokenItem(node.broken);
      case "artifact":
        return artifactItem(node.manifest);
      case "function":
        return functionItem(node.description);
      case "job":
        return jobItem(node.job);
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

function moduleItem({ module, manifest }: ModuleEntry): vscode.TreeItem {
  const item = new vscode.TreeItem(module.name, vscode.TreeItemCollapsibleState.Expanded);
  item.description = manifest ? undefined : vscode.l10n.t("not built");
  item.iconPath = new vscode.ThemeIcon("package");
  item.contextValue = "module";
  item.tooltip = module.root;
  return item;
}

function brokenItem({ uri, error }: BrokenModule): vscode.TreeItem {
  const item = new vscode.TreeItem(path.basename(path.dirname(uri.fsPath)));
  item.description = error.what.split("\n")[0] ?? "";
  item.tooltip = error.message;
  item.iconPath = new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground"));
  item.command = { command: "vscode.open", title: vscode.l10n.t("Open"), arguments: [uri] };
  return item;
}

function artifactItem(manifest: Manifest): vscode.TreeItem {
  const item = new vscode.TreeItem(manifest.file);
  const floor = manifest.glibcFloor === null ? "" : `, glibc ${manifest.glibcFloor}`;
  item.description = `${(manifest.size / 1024).toFixed(0)} KB${floor}`;
  item.iconPath = new vscode.ThemeIcon("file-binary");
  const { os, arch } = manifest.platform;
  item.tooltip = new vscode.MarkdownString(
    [
      `**${manifest.file}**`,
      vscode.l10n.t(
        "{0} for {1} {2}; runs with glibc {3} or newer",
        manifest.mode,
        os,
        arch,
        manifest.glibcFloor ?? "–",
      ),
      `sha256 \`${manifest.sha256}\``,
      vscode.l10n.t("Doors: {0}", manifest.doors.join(", ")),
      vscode.l10n.t("Needs: {0}", manifest.needed.join(", ") || "–"),
    ].join("\n\n"),
  );
  return item;
}

const functionIcons: Readonly<Record<FunctionKind, string>> = {
  row: "symbol-function",
  batch: "symbol-array",
  aggregate: "combine",
  table: "table",
};

function functionItem(description: FunctionDescription): vscode.TreeItem {
  const item = new vscode.TreeItem(description.name);
  const signature = formatSignature(description);
  item.description = signature.slice(description.name.length);
  item.iconPath = new vscode.ThemeIcon(functionIcons[description.kind]);
  const tooltip = new vscode.MarkdownString();
  tooltip.appendCodeblock(formatDeclaration(description), "python");
  tooltip.appendText(description.doc);
  item.tooltip = tooltip;
  return item;
}

function jobItem(job: JobFile): vscode.TreeItem {
  const item = new vscode.TreeItem(job.name);
  item.iconPath = new vscode.ThemeIcon("play-circle");
  item.contextValue = "job";
  item.tooltip = job.path;
  item.command = { command: "vscode.open", title: vscode.l10n.t("Open"), arguments: [vscode.Uri.file(job.path)] };
  return item;
}
