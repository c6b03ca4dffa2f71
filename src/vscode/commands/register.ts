import * as vscode from "vscode";
import type { Services } from "../services.ts";
import { showError } from "../show-error.ts";
import { build } from "./build.ts";
import { cancelRun } from "./cancel-run.ts";
import { captureDiagnostics } from "./capture-diagnostics.ts";
import { clean } from "./clean.ts";
import type { Command } from "./command.ts";
import { doctor } from "./doctor.ts";
import { generateStubs } from "./generate-stubs.ts";
import { openResult } from "./open-result.ts";
import { removeRun } from "./remove-run.ts";
import { rerunLastJob } from "./rerun-last-job.ts";
import { scaffoldExtension } from "./scaffold-extension.ts";
import { selectTarget } from "./select-target.ts";
import { showLog } from "./show-log.ts";
import { showPanel } from "./show-panel.ts";
import { showRun } from "./show-run.ts";
import { submitJob, submitJobToTarget } from "./submit-job.ts";

const commands: readonly Command[] = [
  scaffoldExtension,
  build,
  clean,
  generateStubs,
  submitJob,
  submitJobToTarget,
  rerunLastJob,
  cancelRun,
  selectTarget,
  showPanel,
  showRun,
  showLog,
  doctor,
  captureDiagnostics,
  removeRun,
  openResult,
];

/** Registers all commands. What one throws is shown, with what to do about it. */
export function registerCommands(services: Services): vscode.Disposable {
  return vscode.Disposable.from(
    ...commands.map((command) =>
      vscode.commands.registerCommand(command.id, (argument: unknown) => execute(command, { services, argument })),
    ),
  );
}

async function execute(command: Command, { services, argument }: { services: Services; argument: unknown }) {
  try {
    if (command.needsTrust && !(await isTrusted())) return;
    await command.run(services, argument);
  } catch (error) {
    await showError(services, error);
  }
}

/** Hidden commands can still be called, so it is asked here too. */
async function isTrusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t("Manage Workspace Trust");
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t("This folder is not trusted, so nothing in it is built or run."),
    manage,
  );
  if (chosen === manage) await vscode.commands.executeCommand("workbench.trust.manage");
  return false;
}
