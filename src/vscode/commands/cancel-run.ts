import * as vscode from "vscode";
import { UdfError } from "../../core/error.ts";
import { runOf } from "../run-of.ts";
import type { LiveRun } from "../runs.ts";
import type { Services } from "../services.ts";
import type { Command } from "./command.ts";

/** Ends a run that goes on, with all its workers. */
export const cancelRun: Command = {
  id: "nativeUdf.cancelRun",
  needsTrust: false,
  run: async (services, argument) => {
    const run = runOf(services, argument) ?? (await pickRunning(services));
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Cancelling {0}", run.job) },
      () => services.runs.cancel(run),
    );
  },
};

async function pickRunning({ runs }: Services): Promise<LiveRun> {
  const [only, ...more] = runs.running;
  if (!only) throw new UdfError("RUN_UNKNOWN", { what: vscode.l10n.t("no run is going on") });
  if (more.length === 0) return only;
  const items = runs.running.map((run) => ({ label: run.job, description: run.id, run }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Run to cancel") });
  if (!picked) throw new vscode.CancellationError();
  return picked.run;
}
