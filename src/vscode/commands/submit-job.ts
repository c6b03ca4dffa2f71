import * as vscode from "vscode";
import { UdfError } from "../../core/error.ts";
import type { Module } from "../../core/module.ts";
import type { Sanitizers } from "../../core/sanitizers.ts";
import { type Target, targetsOf } from "../../core/target.ts";
import { isScript, type JobFile } from "../../run/job-files.ts";
import { chooseJob } from "../choose.ts";
import { setBuildDiagnostics } from "../diagnostics/build-diagnostics.ts";
import type { ModuleEntry } from "../modules.ts";
import type { LiveRun } from "../runs.ts";
import type { Services } from "../services.ts";
import { configuredNode, configuredWorkers } from "../settings.ts";
import { requireTarget } from "../targets.ts";
import { withProgress } from "../with-progress.ts";
import type { Command } from "./command.ts";
import { askForTarget } from "./select-target.ts";

/** Runs a job on this machine; a PySpark script on the Spark that is there. */
export const submitJob: Command = {
  id: "nativeUdf.submitJob",
  needsTrust: true,
  run: async (services, argument) => {
    const { entry, job } = await chooseJob(services, argument);
    const { module } = entry;
    await submit(services, { module, job: referenceTo(entry, job), target: isScript(job) ? "spark" : "local" });
  },
};

/** Runs a job on the target that is selected; a PySpark script on one of Spark. */
export const submitJobToTarget: Command = {
  id: "nativeUdf.submitJobToTarget",
  needsTrust: true,
  run: async (services, argument) => {
    const { entry, job } = await chooseJob(services, argument);
    const target = await targetFor(entry.module, job);
    await submit(services, { module: entry.module, job: referenceTo(entry, job), target: target.name });
  },
};

/** The target that is selected. Where that cannot run a script, the user selects one that can. */
async function targetFor(module: Module, job: JobFile): Promise<Target> {
  const selected = requireTarget(module);
  if (selected.kind === "spark" || !isScript(job)) return selected;
  const targets = targetsOf(module.targets).filter(({ kind }) => kind === "spark");
  return askForTarget(targets, vscode.l10n.t("A PySpark script runs on Spark. Select a target"));
}

/** A job by its name, which a script may have too: that one by its file. */
function referenceTo({ jobs }: ModuleEntry, job: JobFile): string {
  return isScript(job) && jobs.some(({ name }) => name === job.name) ? job.path : job.name;
}

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
