import * as vscode from "vscode";
import { UdfError } from "../core/error.ts";
import { summaryOf } from "../run/store.ts";
import { submit } from "./commands/submit-job.ts";
import type { LiveRun } from "./runs.ts";
import type { Services } from "./services.ts";
import { showError } from "./show-error.ts";

/** Tells of a run's end only where there is something to do: it failed, or its process is gone. */
export function registerRunNotifications(services: Services): vscode.Disposable {
  return services.runs.onDidEnd((run) => {
    tell(services, run).catch((error: unknown) => showError(services, error));
  });
}

async function tell(services: Services, run: LiveRun): Promise<void> {
  if (run.state === "lost") throw lost(run);
  if (run.state !== "failed") return;
  const { diagnostics } = summaryOf(run.module, run.id);
  const [first] = diagnostics.filter(({ severity }) => severity === "error");
  const replace = vscode.l10n.t("Replace It");
  const show = vscode.l10n.t("Show Run");
  const problems = vscode.l10n.t("Show Problems");
  const actions = first?.code === "OUTPUT_EXISTS" ? [replace] : [show, problems];
  const message = vscode.l10n.t("{0} failed: {1}", run.job, first?.message ?? vscode.l10n.t("see its log"));
  const chosen = await vscode.window.showErrorMessage(message, ...actions);
  if (chosen === replace)
    await submit(services, { module: run.module, job: run.job, target: run.target, overwrite: true });
  if (chosen === show) await vscode.commands.executeCommand("nativeUdf.showRun", run.id);
  if (chosen === problems) await vscode.commands.executeCommand("workbench.actions.view.problems");
}

function lost(run: LiveRun): UdfError {
  return new UdfError("RUN_FAILED", {
    what: vscode.l10n.t("the process of the run ended without a word"),
    where: run.id,
    next: vscode.l10n.t("Submit the job again: the parts that are done are taken over."),
  });
}
