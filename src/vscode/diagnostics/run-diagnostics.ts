import { existsSync, statSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import type { Diagnostic } from "../../core/diagnostic.ts";
import type { LiveRun } from "../runs.ts";
import type { Services } from "../services.ts";
import { byFile } from "./convert.ts";

/**
 * What runs say, at the lines of the author's files. The next run of the same job takes the last one's away, and so does
 * a change of the file, here or on disk.
 */
export function registerRunDiagnostics({ runs }: Services): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection("native-udf run");
  const found = new Map<string, { run: string; diagnostics: Diagnostic[]; files: vscode.Uri[] }>();

  const shownAt = new Map<string, number>();
  // a file that is corrected by something else than this window's editor; of what was saved before, word may come late
  const watcher = vscode.workspace.createFileSystemWatcher("**/*", true);
  const onDisk = (uri: vscode.Uri) => {
    if (!collection.has(uri)) return;
    const modified = statSync(uri.fsPath, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (modified > (shownAt.get(uri.fsPath) ?? 0)) collection.delete(uri);
  };

  const show = (run: LiveRun, diagnostics: Diagnostic[]) => {
    const key = `${run.module.root}\0${run.job}`;
    for (const uri of found.get(key)?.files ?? []) collection.delete(uri);
    const [job = "", script = ""] = ["job.ts", "py"].map((ending) =>
      path.join(run.module.jobs, `${run.job}.${ending}`),
    );
    const fallback = !existsSync(job) && existsSync(script) ? script : job;
    const files = byFile(run.module.root, diagnostics, fallback);
    for (const [uri, list] of files) {
      collection.set(uri, [...(collection.get(uri) ?? []), ...list]);
      shownAt.set(uri.fsPath, Date.now());
    }
    found.set(key, { run: run.id, diagnostics, files: files.map(([uri]) => uri) });
  };

  return vscode.Disposable.from(
    collection,
    watcher,
    watcher.onDidChange(onDisk),
    watcher.onDidDelete(onDisk),
    runs.onEvents(({ run, events }) => {
      const before = found.get(`${run.module.root}\0${run.job}`);
      const own = before?.run === run.id ? before.diagnostics : [];
      const more = events.flatMap((event) => (event.kind === "diagnostic" ? [event.diagnostic] : []));
      if (more.length > 0 || before?.run !== run.id) show(run, [...own, ...more]);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) collection.delete(document.uri);
    }),
  );
}
