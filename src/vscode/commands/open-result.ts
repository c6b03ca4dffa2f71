import path from "node:path";
import * as vscode from "vscode";
import { UdfError } from "../../core/error.ts";
import { isAddress } from "../../core/job.ts";
import { summaryOf } from "../../run/store.ts";
import { runOf } from "../run-of.ts";
import type { Command } from "./command.ts";

/** Shows the result of a run in the system's or the editor's explorer. */
export const openResult: Command = {
  id: "nativeUdf.openResult",
  needsTrust: false,
  run: async (services, argument) => {
    const run = runOf(services, argument);
    const output = run ? summaryOf(run.module, run.id).outputPath : null;
    if (!run || output === null) {
      throw new UdfError("RUN_UNKNOWN", { what: vscode.l10n.t("this run has no result") });
    }
    if (isAddress(output)) {
      await vscode.env.clipboard.writeText(output);
      const text = vscode.l10n.t(
        "The result is in the cluster's storage. Its address is in the clipboard: {0}",
        output,
      );
      void vscode.window.showInformationMessage(text);
      return;
    }
    const uri = vscode.Uri.file(path.resolve(run.module.root, output));
    await vscode.commands.executeCommand("revealInExplorer", uri);
  },
};
