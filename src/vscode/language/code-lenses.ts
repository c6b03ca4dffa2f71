import * as vscode from "vscode";
import { readJobText } from "../../author/job-text.ts";
import { findRegistrations } from "../../author/registrations.ts";
import { scriptStart } from "../../author/script-start.ts";
import { localTarget } from "../../core/target.ts";
import type { Services } from "../services.ts";
import { selectedTarget } from "../targets.ts";
import type { FunctionArgument } from "./function-argument.ts";
import { cppFiles, jobFiles, scriptFiles } from "./selectors.ts";

/** Links above what can be run: registered functions, jobs and PySpark scripts. The setting `nativeUdf.codeLens` switches them off. */
export function registerCodeLenses({ modules }: Services): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const placesOf = () =>
    modules.all.flatMap(({ module, scripts }) => [module.root, ...scripts.map(({ path }) => path)]);
  let shownPlaces = placesOf().join("\0");
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
      const target = selectedTarget();
      const submits =
        target === localTarget.name
          ? [link(vscode.l10n.t("Submit"), "nativeUdf.submitJob")]
          : [
              link(vscode.l10n.t("Submit to {0}", target), "nativeUdf.submitJobToTarget"),
              link(vscode.l10n.t("Run on Local"), "nativeUdf.runOnLocal"),
            ];
      return lensesAt(document, job.start, [
        ...submits,
        link(vscode.l10n.t("Debug Job"), "nativeUdf.debugJob"),
        link(vscode.l10n.t("Run on Sample"), "nativeUdf.runOnSample"),
      ]);
    },
  };

  const scripts: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses(document) {
      const entry = isOn(document) ? modules.of(document.uri) : undefined;
      if (!entry?.scripts.some(({ path }) => path === document.uri.fsPath)) return [];
      const target = selectedTarget();
      // a script runs on Spark only: the command then asks for a target
      const title =
        target === localTarget.name ? vscode.l10n.t("Submit to Spark…") : vscode.l10n.t("Submit to {0}", target);
      const start = document.offsetAt(new vscode.Position(scriptStart(document.getText()), 0));
      return lensesAt(document, start, [{ title, command: "nativeUdf.submitJobToTarget", arguments: [document.uri] }]);
    },
  };

  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider(cppFiles, functions),
    vscode.languages.registerCodeLensProvider(jobFiles, jobs),
    vscode.languages.registerCodeLensProvider(scriptFiles, scripts),
    modules.onDidChange(() => {
      const places = placesOf().join("\0");
      // links that are drawn again for nothing can swallow a click
      if (places !== shownPlaces) changed.fire();
      shownPlaces = places;
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (["nativeUdf.codeLens", "nativeUdf.target"].some((name) => event.affectsConfiguration(name))) changed.fire();
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
