import * as vscode from "vscode";
import { UdfError } from "../../core/error.ts";
import { chooseJob } from "../choose.ts";
import type { Services } from "../services.ts";
import { showError } from "../show-error.ts";
import { allConfigurations, completed, configurationOf, debugType, prepared } from "./configuration.ts";
import { adapterProgram } from "./debug-adapter.ts";

/** The debug type `native-udf`, with or without a launch.json, and the command Debug Job. */
export function registerDebug(services: Services): vscode.Disposable {
  const provider: vscode.DebugConfigurationProvider = {
    provideDebugConfigurations: () => allConfigurations(services),
    resolveDebugConfiguration: (folder, given) => shown(services, () => completed(services, { folder, given })),
    resolveDebugConfigurationWithSubstitutedVariables: (_folder, configuration) =>
      shown(services, () => prepared(services, configuration)),
  };
  const { Dynamic, Initial } = vscode.DebugConfigurationProviderTriggerKind;
  return vscode.Disposable.from(
    vscode.debug.registerDebugConfigurationProvider(debugType, provider, Initial),
    vscode.debug.registerDebugConfigurationProvider(
      debugType,
      { provideDebugConfigurations: () => allConfigurations(services) },
      Dynamic,
    ),
    vscode.debug.registerDebugAdapterDescriptorFactory(debugType, {
      createDebugAdapterDescriptor: (session) => adapterProgram(services, session),
    }),
    // the module's first run makes the folder that is watched for others
    vscode.debug.onDidStartDebugSession(({ type }) => {
      if (type === debugType) services.runs.findRunning();
    }),
    vscode.commands.registerCommand("nativeUdf.debugJob", (argument: unknown) =>
      shown(services, () => debugJob(services, argument)),
    ),
  );
}

async function debugJob(services: Services, argument: unknown): Promise<void> {
  const { entry, job } = await chooseJob(services, argument);
  // a view that only opens at the first stop shows the variables closed
  const opens = vscode.workspace.getConfiguration("debug").get<string>("openDebug") !== "neverOpen";
  if (opens) await vscode.commands.executeCommand("workbench.view.debug");
  const folder = vscode.workspace.getWorkspaceFolder(entry.uri);
  await vscode.debug.startDebugging(folder, configurationOf({ module: entry.module.root, job: job.name }));
}

/** What fails is shown with what to do about it, and the session does not begin. */
async function shown<Result>(services: Services, work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    refuseUntrusted();
    return await work();
  } catch (error) {
    await showError(services, error);
    return undefined;
  }
}

function refuseUntrusted(): void {
  if (vscode.workspace.isTrusted) return;
  throw new UdfError("USAGE", {
    what: vscode.l10n.t("this folder is not trusted, so nothing in it is built or run"),
    next: vscode.l10n.t('Trust it with "Workspaces: Manage Workspace Trust".'),
  });
}
