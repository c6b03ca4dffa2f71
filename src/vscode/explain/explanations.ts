import { existsSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { diagnosticOf } from "../../explain/diagnostic.ts";
import type { ExplainedFailure } from "../../explain/explanation.ts";
import { reportLines } from "../../explain/report.ts";
import { byFile } from "../diagnostics/convert.ts";

/** Documents of it are made by the extension, and can be read only. */
export const reportScheme = "native-udf-explain";

/** What was found in logs, below which folder the files lie that it names; undefined where none is open. */
export type Found = { root: string | undefined; failures: readonly ExplainedFailure[] };

/**
 * What the last log that was explained says: a report to read, and problems at the author's lines. The next explanation
 * replaces both, and an edit of a file takes its problems away.
 */
export class Explanations implements vscode.Disposable {
  readonly #problems = vscode.languages.createDiagnosticCollection("native-udf explain");
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #uri = vscode.Uri.from({ scheme: reportScheme, path: `/${vscode.l10n.t("Explained Log")}` });
  readonly #registered: vscode.Disposable;
  #found: Found = { root: undefined, failures: [] };

  constructor() {
    this.#registered = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(reportScheme, {
        onDidChange: this.#changed.event,
        provideTextDocumentContent: () => [...reportLines(this.#found.failures), ""].join("\n"),
      }),
      vscode.languages.registerDocumentLinkProvider(
        { scheme: reportScheme },
        { provideDocumentLinks: (document) => linksIn(document, this.#found.root) },
      ),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#problems.delete(document.uri);
      }),
    );
  }

  /** Replaces what the last log said. Without failures there is no report to be read. */
  async show(found: Found): Promise<void> {
    this.#found = found;
    this.#problems.clear();
    this.#changed.fire(this.#uri);
    const { root, failures } = found;
    const diagnostics = failures
      .filter(({ file, line }) => file !== null && line !== null && isHere(root, file))
      .map(diagnosticOf);
    // those that are left have a place
    for (const [uri, list] of byFile(root ?? "/", diagnostics, "/")) this.#problems.set(uri, list);
    if (failures.length === 0) return;
    const document = await vscode.workspace.openTextDocument(this.#uri);
    await vscode.window.showTextDocument(document, { preview: true });
  }

  dispose(): void {
    this.#registered.dispose();
    this.#problems.dispose();
    this.#changed.dispose();
  }
}

/** The places that a report names at the begin of its lines, `file:line`, where the file is here. */
function linksIn(document: vscode.TextDocument, root: string | undefined): vscode.DocumentLink[] {
  return [...document.getText().matchAll(/^( *)(\S.*?):(\d+)(?=:? )/gm)].flatMap((match) => {
    const [, indent = "", file = "", line = ""] = match;
    if (!isHere(root, file)) return [];
    const begin = match.index + indent.length;
    const range = new vscode.Range(
      document.positionAt(begin),
      document.positionAt(begin + file.length + 1 + line.length),
    );
    return [
      new vscode.DocumentLink(range, vscode.Uri.file(path.resolve(root ?? "/", file)).with({ fragment: `L${line}` })),
    ];
  });
}

/** Without a folder, a path that is not absolute says nothing. */
function isHere(root: string | undefined, file: string): boolean {
  return (root !== undefined || path.isAbsolute(file)) && existsSync(path.resolve(root ?? "/", file));
}
