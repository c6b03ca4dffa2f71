import * as vscode from "vscode";
import { UdfError } from "../../core/error.ts";
import type { Module } from "../../core/module.ts";
import type { Sanitizers } from "../../core/sanitizers.ts";
import { isScript } from "../../run/job-files.ts";
import { chooseJob } from "../choose.ts";
import { setBuildDiagnostics } from "../diagnostics/build-diagnostics.ts";
import type { LiveRun } from "../runs.ts";
import type { Services } from "../services.ts";
import { configuredNode, configuredWorkers } from "../settings.ts";
import { requireTarget } from "../targets.ts";
import { withProgress } from "../with-progress.ts";
import type { Command } from "./command.ts";

/** Runs a job on this machine; a PySpark script on the Spark that is there. */
export const submitJob: Command = {
  id: "nativeUdf.submitJob",
  needsTrust: true,
  run: async (services, argument) => {
    const { entry, job } = await chooseJob(services, argument);
    await submit(services, { module: entry.module, job: job.name, target: isScript(job) ? "spark" : "local" });
  },
};

/** Runs a job on the target that is selected. */
export const submitJobToTarget: Command = {
  id: "nativeUdf.submitJobToTarget",
  needsTrust: true,
  run: async (services, argument) => {
    const { entry, job } = await chooseJob(services, argument);
    const target = requireTarget(entry.module);
    await submit(services, { module: entry.module, job: job.name, target: target.name });
  },
};

export type Submission = {
  module: Module;
  job: string;
  target: string;
  overwrite?: boolean;
  /** Only so many rows of the input; all where it is not given. */
  sampleRows?: number | undefined;
  /** Builds and runs with these, to look for mistakes. */
  sanitize?: Sanitizers | undefined;
};

/** Saves what is open, builds what has changed, begins the run and shows it. Does not wait for its end. */
export async function submit(
  services: Services,
  { module, job, target, overwrite = false, sampleRows, sanitize }: Submission,
): Promise<void> {
  await vscode.workspace.saveAll(false);
  const workers = configuredWorkers();
  const nodePath = await configuredNode();
  let run: LiveRun;
  try {
    run = await withProgress({
      title: vscode.l10n.t("Submitting {0}", job),
      run: ({ signal, report }) =>
        services.runs.submit(module, {
          ...{ job, target, overwrite, sampleRows, sanitize, nodePath, workers, signal },
          onBuild: report,
          onBuilt: ({ warnings }) => setBuildDiagnostics(module, warnings),
        }),
    });
  } catch (error) {
    if (error instanceof UdfError && error.diagnostics.length > 0) setBuildDiagnostics(module, error.diagnostics);
    throw error;
  }
  services.runs.select(run);
  await vscode.commands.executeCommand("nativeUdf.panel.focus", { preserveFocus: true });
}
