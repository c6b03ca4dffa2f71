import { createReadStream, statSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { UdfError } from "../../core/error.ts";
import { reportScheme } from "./explanations.ts";

/** A log that is to be explained: a file, or a text. */
export type LogSource = {
  /** As the user knows it. */
  name: string;
  /** Of a log that is a document or a file. */
  uri?: vscode.Uri;
  bytes: number;
  chunks: () => AsyncIterable<Buffer | string>;
};

/** The logs that a menu handed over, or that the user chooses. Throws CancellationError where none is chosen. */
export async function chooseLogs(argument: unknown, selected: unknown): Promise<LogSource[]> {
  if (argument instanceof vscode.Uri) {
    const uris = Array.isArray(selected) ? selected.filter((each) => each instanceof vscode.Uri) : [];
    return (uris.length > 0 ? uris : [argument]).map(ofFile);
  }
  if (vscode.window.terminals.some((terminal) => terminal === argument)) return [await ofTerminal()];
  const active = activeLog();
  const items: (vscode.QuickPickItem & { choose: () => Promise<LogSource[]> })[] = [
    ...(active
      ? [{ label: vscode.l10n.t("Active Editor"), description: active.name, choose: async () => [active] }]
      : []),
    {
      label: vscode.l10n.t("Files…"),
      description: vscode.l10n.t("all of one run: driver, exception, executors"),
      choose: ofDialog,
    },
    { label: vscode.l10n.t("Clipboard"), choose: ofClipboard },
    ...(vscode.window.activeTerminal
      ? [
          {
            label: vscode.l10n.t("Terminal Selection"),
            description: vscode.window.activeTerminal.name,
            choose: async () => [await ofTerminal()],
          },
        ]
      : []),
  ];
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Log of a Spark job") });
  if (!picked) throw new vscode.CancellationError();
  return picked.choose();
}

/** What the active editor shows, where that can be a log. Of a very large file VS Code tells the name only. */
function activeLog(): LogSource | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor) return showsLog(editor.document) ? ofEditor(editor) : undefined;
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const isLog = input instanceof vscode.TabInputText && input.uri.scheme === "file" && logName.test(input.uri.path);
  return isLog ? ofFile(input.uri) : undefined;
}

const logName = /\.(?:log|out|err|txt)(?:\.\d+)?$|\/(?:stdout|stderr)$/;

/** A source file shows none. */
function showsLog({ languageId, uri }: vscode.TextDocument): boolean {
  if (uri.scheme === reportScheme) return false;
  return uri.scheme === "output" || ["log", "plaintext"].includes(languageId) || logName.test(uri.path);
}

function ofFile(uri: vscode.Uri): LogSource {
  const file = uri.fsPath;
  return {
    ...{ name: vscode.workspace.asRelativePath(uri), uri, bytes: statSync(file).size },
    chunks: () => createReadStream(file, { highWaterMark: 1 << 20 }),
  };
}

function ofText(name: string, text: string): LogSource {
  return {
    ...{ name, bytes: Buffer.byteLength(text) },
    chunks: async function* () {
      yield text;
    },
  };
}

async function ofDialog(): Promise<LogSource[]> {
  const uris = await vscode.window.showOpenDialog({
    canSelectMany: true,
    openLabel: vscode.l10n.t("Explain"),
    title: vscode.l10n.t("Logs of one run"),
  });
  if (!uris || uris.length === 0) throw new vscode.CancellationError();
  return uris.map(ofFile);
}

/** The selection, or all of it where nothing is selected. */
function ofEditor({ document, selection }: vscode.TextEditor): LogSource {
  const text = document.getText(selection.isEmpty ? undefined : selection);
  return { ...ofText(path.basename(document.fileName), text), uri: document.uri };
}

async function ofClipboard(): Promise<LogSource[]> {
  const text = await vscode.env.clipboard.readText();
  if (text.trim() === "") {
    throw new UdfError("INPUT_MISSING", {
      what: vscode.l10n.t("there is no text in the clipboard"),
      next: vscode.l10n.t("Copy the log first."),
    });
  }
  return [ofText(vscode.l10n.t("the clipboard"), text)];
}

/** VS Code tells the selection of a terminal through the clipboard only, which is then what it was before. */
async function ofTerminal(): Promise<LogSource> {
  const before = await vscode.env.clipboard.readText();
  try {
    await vscode.env.clipboard.writeText("");
    await vscode.commands.executeCommand("workbench.action.terminal.copySelection");
    const text = await vscode.env.clipboard.readText();
    if (text.trim() === "") {
      throw new UdfError("INPUT_MISSING", {
        what: vscode.l10n.t("nothing is selected in the terminal"),
        next: vscode.l10n.t("Select the log there first."),
      });
    }
    return ofText(vscode.l10n.t("the terminal"), text);
  } finally {
    await vscode.env.clipboard.writeText(before);
  }
}
