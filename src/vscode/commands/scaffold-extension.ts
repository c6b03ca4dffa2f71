import path from "node:path";
import * as vscode from "vscode";
import { moduleNamePattern } from "../../core/module.ts";
import { listJobs } from "../../run/job-files.ts";
import { findTemplate, type Template, templateNames } from "../../scaffold/templates.ts";
import { withProgress } from "../with-progress.ts";
import type { Command } from "./command.ts";

const texts = {
  flights: () => vscode.l10n.t("A worked example on three million real flights"),
  blank: () => vscode.l10n.t("One function, and nothing else"),
};

/** Asks for template, name and folder, makes the module there and opens it. */
export const scaffoldExtension: Command = {
  id: "nativeUdf.scaffoldExtension",
  needsTrust: false,
  run: async ({ log, modules }) => {
    const template = await askTemplate();
    const name = await askName(template);
    const parent = await askFolder(name);
    const folder = path.join(parent, name);
    const result = await withProgress({
      title: vscode.l10n.t("Making {0}", name),
      run: async ({ signal, report }) =>
        (await import("../../scaffold/scaffold.ts")).scaffold({
          ...{ folder, template: template.name, name, signal },
          onFetch: (wanted) => report(vscode.l10n.t("Getting the example's data ({0})", wanted)),
        }),
    });
    for (const missing of result.missingData) log.warn(missing);
    const [missing] = result.missingData;
    if (missing) void vscode.window.showWarningMessage(missing);
    const uri = vscode.Uri.file(result.module.root);
    const isOpen = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
    if (!isOpen) {
      await vscode.commands.executeCommand("vscode.openFolder", uri, { forceReuseWindow: true });
      return;
    }
    await modules.search();
    const [job] = listJobs(result.module);
    if (job) await vscode.window.showTextDocument(vscode.Uri.file(job.path));
  },
};

async function askTemplate(): Promise<Template> {
  const items = templateNames.map((name) => ({ label: name, detail: texts[name]() }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Template") });
  if (!picked) throw new vscode.CancellationError();
  return findTemplate(picked.label);
}

async function askName({ name }: Template): Promise<string> {
  const given = await vscode.window.showInputBox({
    prompt: vscode.l10n.t("Name of the module, as in C++ and Python"),
    value: name === "flights" ? "flight_features" : "my_features",
    validateInput: (text) =>
      moduleNamePattern.test(text)
        ? undefined
        : vscode.l10n.t("It must begin with a lower-case letter and hold only a-z, 0-9 and _."),
  });
  if (given === undefined) throw new vscode.CancellationError();
  return given;
}

async function askFolder(name: string): Promise<string> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const other = { label: vscode.l10n.t("Another folder…"), folder: undefined };
  const items = [
    ...folders
      .filter(({ uri }) => uri.scheme === "file")
      .map(({ uri }) => ({ label: vscode.l10n.t("In {0}", path.join(uri.fsPath, name)), folder: uri.fsPath })),
    other,
  ];
  const picked =
    items.length === 1 ? other : await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Folder") });
  if (!picked) throw new vscode.CancellationError();
  if (picked.folder !== undefined) return picked.folder;
  const chosen = await vscode.window.showOpenDialog({
    canSelectFolders: true,
    canSelectFiles: false,
    openLabel: vscode.l10n.t("Make the module here"),
    title: vscode.l10n.t("Folder that the module's folder is made in"),
  });
  const [uri] = chosen ?? [];
  if (!uri) throw new vscode.CancellationError();
  return uri.fsPath;
}
