import * as vscode from "vscode";
import { readJobText } from "../../author/job-text.ts";
import { findRegistrations } from "../../author/registrations.ts";
import type { Services } from "../services.ts";
import type { FunctionArgument } from "./function-argument.ts";
import { cppFiles, jobFiles } from "./selectors.ts";

/** Links above what can be run: registered functions and jobs. The setting `nativeUdf.codeLens` switches them off. */
export function registerCodeLenses({ modules }: Services): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const rootsOf = () => modules.all.map(({ module }) => module.root).join("\0");
  let shownRoots = rootsOf();
  const isOn = (document: vscode.TextDocument) =>
    vscode.workspace.getConfiguration("nativeUdf", document.uri).get<boolean>("codeLens", true);

  const functions: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses(document) {
      const entry = isOn(document) ? modules.of(document.uri) : undefined;
      if (!entry) return [];
      return findRegistrations(document.getText()).flatMap(({ name, start }) => {
        const argument: FunctionArgument = { root: entry.module.root, function: name };
        const run = { title: vscode.l10n.t("Run on Sample"), command: "nativeUdf.runOnSample", arguments: [argument] };
        const show = { title: vscode.l10n.t("Show Stub"), command: "nativeUdf.showStub", arguments: [argument] };
        return lensesAt(document, start, [run, show]);
      });
    },
  };

  const jobs: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses(document) {
      const job = isOn(document) && modules.of(document.uri) ? readJobText(document.getText()) : undefined;
      if (!job) return [];
      const link = (title: string, command: string) => ({ title, command, arguments: [document.uri] });
      return lensesAt(document, job.start, [
        link(vscode.l10n.t("Submit"), "nativeUdf.submitJob"),
        link(vscode.l10n.t("Debug Job"), "nativeUdf.debugJob"),
        link(vscode.l10n.t("Run on Sample"), "nativeUdf.runOnSample"),
      ]);
    },
  };

  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider(cppFiles, functions),
    vscode.languages.registerCodeLensProvider(jobFiles, jobs),
    modules.onDidChange(() => {
      const roots = rootsOf();
      // links that are drawn again for nothing can swallow a click
      if (roots !== shownRoots) changed.fire();
      shownRoots = roots;
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("nativeUdf.codeLens")) changed.fire();
    }),
  );
}

function lensesAt(
  document: vscode.TextDocument,
  offset: number,
  commands: readonly vscode.Command[],
): vscode.CodeLens[] {
  const position = document.positionAt(offset);
  return commands.map((command) => new vscode.CodeLens(new vscode.Range(position, position), command));
}
