import * as vscode from "vscode";
import { messageOf, UdfError } from "../core/error.ts";
import { explained } from "../core/file-error.ts";
import type { Services } from "./services.ts";

/** Tells the user in one line what happened and what to do, with the details in the log. Cancelling is no error. */
export async function showError({ log }: Pick<Services, "log">, thrown: unknown): Promise<void> {
  const error = explained(thrown);
  if (error instanceof vscode.CancellationError) return;
  if (error instanceof UdfError && error.code === "CANCELLED") return;
  log.error(messageOf(error));
  if (error instanceof UdfError && error.details) log.error(error.details);
  else if (error instanceof Error && error.stack) log.debug(error.stack);
  const actions = actionsFor(error);
  const chosen = await vscode.window.showErrorMessage(messageOf(error), ...actions.keys());
  const command = chosen === undefined ? undefined : actions.get(chosen);
  if (command) await vscode.commands.executeCommand(command);
}

/** What the message offers, by its title. */
function actionsFor(error: unknown): Map<string, string> {
  const actions = new Map<string, string>();
  const code = error instanceof UdfError ? error.code : undefined;
  if (code === "TOOL_MISSING") actions.set(vscode.l10n.t("Doctor"), "nativeUdf.doctor");
  if (code === "MODULE_NOT_FOUND") actions.set(vscode.l10n.t("Scaffold New Extension…"), "nativeUdf.scaffoldExtension");
  if (error instanceof UdfError && error.diagnostics.length > 0) {
    actions.set(vscode.l10n.t("Show Problems"), "workbench.actions.view.problems");
  }
  actions.set(vscode.l10n.t("Show Log"), "nativeUdf.showLog");
  return actions;
}
