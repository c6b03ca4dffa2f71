import * as vscode from "vscode";
import { debuggerTarget } from "../../core/debugger-target.ts";
import { UdfError } from "../../core/error.ts";
import type { Services } from "../services.ts";
import { showError } from "../show-error.ts";
import { debugType } from "./debug-type.ts";

/** The debug type `native-udf`, with or without a launch.json. */
export function registerDebug(services: Services): vscode.Disposable {
  const all = async () => (await import("./configuration.ts")).allConfigurations(services);
  const provider: vscode.DebugConfigurationProvider = {
    provideDebugConfigurations: all,
    resolveDebugConfiguration: (folder, given) =>
      shown(services, async () => (await import("./configuration.ts")).completed(services, { folder, given })),
    resolveDebugConfigurationWithSubstitutedVariables: (_folder, configuration) =>
      shown(services, async () => (await import("./configuration.ts")).prepared(services, configuration)),
  };
  const { Dynamic, Initial } = vscode.DebugConfigurationProviderTriggerKind;
  return vscode.Disposable.from(
    vscode.debug.registerDebugConfigurationProvider(debugType, provider, Initial),
    vscode.debug.registerDebugConfigurationProvider(debugType, { provideDebugConfigurations: all }, Dynamic),
    vscode.debug.registerDebugAdapterDescriptorFactory(debugType, {
      createDebugAdapterDescriptor: async (session) =>
        (await import("./debug-adapter.ts")).adapterProgram(services, session),
    }),
    vscode.debug.onDidStartDebugSession(({ type, configuration }) => {
      if (type === debugType) follow(services, configuration);
    }),
  );
}

/** The session's run is another process's: it is looked for, and the panel shows it. */
function follow({ runs }: Services, { module, job }: vscode.DebugConfiguration): void {
  runs.findRunning();
  const run = runs.running.find(
    (one) => one.target === debuggerTarget && one.module.root === module && one.job === job,
  );
  if (run) runs.select(run);
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
