import * as vscode from "vscode";
import { messageOf } from "../../core/error.ts";
import type { Services } from "../services.ts";

const selector: vscode.DocumentSelector = [{ language: "cpp" }, { pattern: "**/*.job.ts" }];

/** The compiler and the rest of the toolchain, in the language status of the module's files. */
export function registerToolchainStatus({ modules, log }: Services): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem("nativeUdf.toolchain", selector);
  item.name = vscode.l10n.t("Native UDF toolchain");
  item.text = vscode.l10n.t("Native UDF");
  item.command = { command: "nativeUdf.doctor", title: vscode.l10n.t("Doctor") };
  const abort = new AbortController();
  let asked = false;
  const look = async () => {
    if (asked || modules.all.length === 0) return;
    asked = true;
    item.busy = true;
    try {
      const { doctor } = await import("../../toolchain/doctor.ts");
      const { complete, checks } = await doctor({ signal: abort.signal });
      const compiler = checks.find(({ name }) => /compiler/i.test(name));
      item.text = complete ? (compiler?.version ?? vscode.l10n.t("ready")) : vscode.l10n.t("tools are missing");
      item.detail = vscode.l10n.t("C++ toolchain of Native UDF");
      item.severity = complete ? vscode.LanguageStatusSeverity.Information : vscode.LanguageStatusSeverity.Error;
    } catch (error) {
      if (!abort.signal.aborted) log.warn(messageOf(error));
    } finally {
      item.busy = false;
    }
  };
  // asked when such a file is looked at, not at the start
  const onEditor = (editor: vscode.TextEditor | undefined) => {
    if (editor && vscode.languages.match(selector, editor.document) > 0) void look();
  };
  onEditor(vscode.window.activeTextEditor);
  return vscode.Disposable.from(
    item,
    { dispose: () => abort.abort() },
    vscode.window.onDidChangeActiveTextEditor(onEditor),
    modules.onDidChange(() => onEditor(vscode.window.activeTextEditor)),
  );
}
