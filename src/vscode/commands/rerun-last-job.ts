import * as vscode from "vscode";
import { debuggerTarget } from "../../core/debugger-target.ts";
import { UdfError } from "../../core/error.ts";
import type { LiveRun } from "../runs.ts";
import type { Command } from "./command.ts";
import { submit } from "./submit-job.ts";

/** Submits again what was submitted last in this workspace: the job, its target, all rows or a sample, the sanitizers. */
export const rerunLastJob: Command = {
  id: "nativeUdf.rerunLastJob",
  needsTrust: true,
  run: async (services) => {
    const last = services.runs.lastJob;
    const entry = services.modules.all.find(({ module }) => module.root === last?.root);
    if (!last || !entry) {
      throw new UdfError("JOB_UNKNOWN", {
        what: vscode.l10n.t("no job was submitted in this workspace yet"),
        next: vscode.l10n.t('Use "Native UDF: Submit Job…".'),
      });
    }
    const { job, target, sampleRows, sanitize } = last;
    // the output is an earlier run's own; what was there before the first one is left to the user
    const overwrite = services.runs.all.some(
      (run) => run.module.root === last.root && run.job === job && run.state === "succeeded" && writesOutput(run),
    );
    await submit(services, { module: entry.module, job, target, sampleRows, sanitize, overwrite });
  },
};

/** The results of all others are in the folders of their runs. */
function writesOutput({ target, sampleRows, sanitize }: LiveRun): boolean {
  return target !== debuggerTarget && sampleRows === undefined && sanitize === undefined;
}
