import * as vscode from "vscode";
import { UdfError } from "../../core/error.ts";
import type { Services } from "../services.ts";
import { showError } from "../show-error.ts";
import { registerCodeActions } from "./code-actions.ts";
import { registerCodeLenses } from "./code-lenses.ts";
import { registerCompletion } from "./completion.ts";
import { registerHover } from "./hover.ts";
import { JobKnowledge } from "./job-knowledge.ts";
import { runOnSample } from "./run-on-sample.ts";
import { showStub } from "./show-stub.ts";

/** What the editor shows and offers in the files of modules, and the commands behind it. */
export function registerLanguage(services: Services): vscode.Disposable {
  const knowledge = new JobKnowledge(services);
  const command = (id: string, run: (argument: unknown) => Promise<void>) =>
    vscode.commands.registerCommand(id, (argument: unknown) =>
      run(argument).catch((error: unknown) => showError(services, error)),
    );
  return vscode.Disposable.from(
    knowledge,
    registerCodeLenses(services),
    registerCompletion(knowledge),
    registerHover(knowledge),
    registerCodeActions(services),
    command("nativeUdf.runOnSample", async (argument) => {
      if (!vscode.workspace.isTrusted) throw notTrusted();
      await runOnSample(services, argument);
    }),
    command("nativeUdf.showStub", (argument) => showStub(services, argument)),
  );
}

function notTrusted(): UdfError {
  return new UdfError("USAGE", {
    what: vscode.l10n.t("this folder is not trusted, so nothing in it is built or run"),
    next: vscode.l10n.t('Trust it with "Workspaces: Manage Workspace Trust".'),
  });
}
