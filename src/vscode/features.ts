import * as vscode from "vscode";
import { registerDebug } from "./debug/register.ts";
import { registerBuildDiagnostics } from "./diagnostics/build-diagnostics.ts";
import { registerRunDiagnostics } from "./diagnostics/run-diagnostics.ts";
import { registerLanguage } from "./language/register.ts";
import { registerPanel } from "./panel/panel-view.ts";
import { registerRunNotifications } from "./run-notifications.ts";
import type { Services } from "./services.ts";
import { registerStatusBar } from "./status/status-bar.ts";
import { registerToolchainStatus } from "./status/toolchain-status.ts";
import { registerTasks } from "./tasks/tasks.ts";
import { registerTesting } from "./testing/testing.ts";
import { registerViews } from "./views/register.ts";

/** Everything that the extension adds to the editor, besides its commands. */
export function registerFeatures(services: Services): vscode.Disposable {
  return vscode.Disposable.from(
    registerBuildDiagnostics(),
    registerRunDiagnostics(services),
    registerRunNotifications(services),
    registerViews(services),
    registerPanel(services),
    registerStatusBar(services),
    registerToolchainStatus(services),
    registerTasks(services),
    registerTesting(services),
    registerLanguage(services),
    registerDebug(services),
  );
}
