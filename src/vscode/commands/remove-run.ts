import * as vscode from "vscode";
import { UdfError } from "../../core/error.ts";
import { removeRun as removeFromStore } from "../../run/store.ts";
import { runOf } from "../run-of.ts";
import type { Command } from "./command.ts";

/** Removes a run that is over, with its events and logs. */
export const removeRun: Command = {
  id: "nativeUdf.removeRun",
  needsTrust: false,
  run: async (services, argument) => {
    const run = runOf(services, argument);
    if (!run) throw new UdfError("RUN_UNKNOWN", { what: vscode.l10n.t("this run is not there any more") });
    removeFromStore(run.module, run.id);
    services.runs.findRunning();
  },
};
