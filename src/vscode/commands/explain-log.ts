import path from "node:path";
import * as vscode from "vscode";
import type { SourceRoot } from "../../explain/author-files.ts";
import type { ExplainedFailure } from "../../explain/explanation.ts";
import { chooseLogs, type LogSource } from "../explain/log-source.ts";
import { withProgress } from "../with-progress.ts";
import type { Command } from "./command.ts";

/** Says what failed in a Spark job, out of logs from anywhere: a report, and problems at the author's lines. */
export const explainLog: Command = {
  id: "nativeUdf.explainLog",
  needsTrust: false,
  run: async ({ explanations }, argument, selected) => {
    const logs = await chooseLogs(argument, selected);
    const folder = await folderOf(logs);
    const failures = await withProgress({
      title: vscode.l10n.t("Reading the log"),
      run: (options) => read(logs, { folder, ...options }),
    });
    await explanations.show({ root: folder, failures });
    if (failures.length > 0) return;
    const names = logs.map(({ name }) => name).join(", ");
    await vscode.window.showWarningMessage(
      vscode.l10n.t("Nothing that failed was found in {0}. Give the executors' logs too, if there are any.", names),
    );
  },
};

type ReadOptions = {
  folder: string | undefined;
  signal: AbortSignal;
  report: (line: string, fraction?: number) => void;
};

async function read(logs: readonly LogSource[], { folder, signal, report }: ReadOptions): Promise<ExplainedFailure[]> {
  const [{ explain }, { logLines }, { readSourceRoot }, { nativePlaces }] = await Promise.all([
    import("../../explain/explain.ts"),
    import("../../explain/log-file.ts"),
    import("../../explain/source-root.ts"),
    import("../../run/diagnose/native-places.ts"),
  ]);
  const total = Math.max(
    1,
    logs.map(({ bytes }) => bytes).reduce((sum, bytes) => sum + bytes, 0),
  );
  let done = 0;
  const watched = async function* ({ name, chunks }: LogSource) {
    for await (const chunk of chunks()) {
      signal.throwIfAborted();
      done += chunk.length;
      report(name, done / total);
      yield chunk;
    }
  };
  const nothing: SourceRoot = { folder: "", files: new Set() };
  const root = folder === undefined ? nothing : readSourceRoot(folder);
  return (
    await explain(
      logs.map((log) => logLines(watched(log))),
      root,
      // reading debug info runs addr2line, which not everybody's files are for
      folder === undefined || !vscode.workspace.isTrusted ? undefined : nativePlaces(folder),
    )
  ).diagnostics;
}

/** Where the job's sources are: the folder of the workspace that the log lies in, or is read beside. */
async function folderOf(logs: readonly LogSource[]): Promise<string | undefined> {
  const uri = logs.find((log) => log.uri)?.uri;
  const editor = vscode.window.activeTextEditor?.document.uri;
  for (const each of [uri, editor]) {
    const folder = each && vscode.workspace.getWorkspaceFolder(each);
    if (folder) return folder.uri.fsPath;
  }
  const [only, ...more] = vscode.workspace.workspaceFolders ?? [];
  if (!only) return uri?.scheme === "file" ? path.dirname(uri.fsPath) : undefined;
  if (more.length === 0) return only.uri.fsPath;
  const picked = await vscode.window.showWorkspaceFolderPick({
    placeHolder: vscode.l10n.t("Folder of the job's sources"),
  });
  if (!picked) throw new vscode.CancellationError();
  return picked.uri.fsPath;
}
