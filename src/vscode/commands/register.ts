import * as vscode from "vscode";
import type { Services } from "../services.ts";
import { showError } from "../show-error.ts";
import type { Command, CommandId } from "./command.ts";
import { registerShowLog } from "./show-log.ts";

/** Where each command is; it is loaded when it is called for the first time. */
const commands: Readonly<Record<Exclude<CommandId, "nativeUdf.showLog">, () => Promise<Command>>> = {
  "nativeUdf.scaffoldExtension": async () => (await import("./scaffold-extension.ts")).scaffoldExtension,
  "nativeUdf.build": async () => (await import("./build.ts")).build,
  "nativeUdf.clean": async () => (await import("./clean.ts")).clean,
  "nativeUdf.generateStubs": async () => (await import("./generate-stubs.ts")).generateStubs,
  "nativeUdf.submitJob": async () => (await import("./submit-job.ts")).submitJob,
  "nativeUdf.runOnLocal": async () => (await import("./run-on-local.ts")).runOnLocal,
  "nativeUdf.submitJobToTarget": async () => (await import("./submit-job.ts")).submitJobToTarget,
  "nativeUdf.rerunLastJob": async () => (await import("./rerun-last-job.ts")).rerunLastJob,
  "nativeUdf.cancelRun": async () => (await import("./cancel-run.ts")).cancelRun,
  "nativeUdf.selectTarget": async () => (await import("./select-target.ts")).selectTarget,
  "nativeUdf.showPanel": async () => (await import("./show-panel.ts")).showPanel,
  "nativeUdf.showRun": async () => (await import("./show-run.ts")).showRun,
  "nativeUdf.doctor": async () => (await import("./doctor.ts")).doctor,
  "nativeUdf.captureDiagnostics": async () => (await import("./capture-diagnostics.ts")).captureDiagnostics,
  "nativeUdf.removeRun": async () => (await import("./remove-run.ts")).removeRun,
  "nativeUdf.openResult": async () => (await import("./open-result.ts")).openResult,
  "nativeUdf.runOnSample": async () => (await import("./run-on-sample.ts")).runOnSample,
  "nativeUdf.runSanitized": async () => (await import("./run-sanitized.ts")).runSanitized,
  "nativeUdf.showStub": async () => (await import("./show-stub.ts")).showStub,
  "nativeUdf.debugJob": async () => (await import("./debug-job.ts")).debugJob,
  "nativeUdf.explainLog": async () => (await import("./explain-log.ts")).explainLog,
};

type Options = {
  log: vscode.LogOutputChannel;
  /** What the commands work with, as soon as it is there. Rejects where the extension could not start. */
  services: () => Promise<Services>;
};

/** Registers all commands. What one throws is shown, with what to do about it. */
export function registerCommands(options: Options): vscode.Disposable {
  return vscode.Disposable.from(
    registerShowLog(options.log),
    ...Object.entries(commands).map(([id, load]) =>
      vscode.commands.registerCommand(id, (argument: unknown, selected: unknown) =>
        execute(load, { ...options, argument, selected }),
      ),
    ),
  );
}

async function execute(
  load: () => Promise<Command>,
  { log, services, argument, selected }: Options & { argument: unknown; selected: unknown },
) {
  try {
    const command = await load();
    if (command.needsTrust && !(await isTrusted())) return;
    await command.run(await services(), argument, selected);
  } catch (error) {
    await showError({ log }, error);
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
