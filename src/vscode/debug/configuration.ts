import path from "node:path";
import * as vscode from "vscode";
import * as z from "zod";
import { UdfError } from "../../core/error.ts";
import { findJob } from "../../run/job-files.ts";
import { buildModule } from "../build-module.ts";
import { chooseJob, chooseModule } from "../choose.ts";
import type { ModuleEntry } from "../modules.ts";
import type { Services } from "../services.ts";
import { configuredNode } from "../settings.ts";
import { debugAdapterOf } from "./debug-adapter.ts";
import { configurationOf, type DebugChoice, debugType } from "./debug-type.ts";

/** What a configuration may say; what it does not say is asked for, or taken from the active editor. */
const configurationSchema = z.looseObject({
  module: z.string().optional(),
  job: z.string().optional(),
  sampleRows: z.number().int().positive().optional(),
});

/** One configuration for each job of the workspace, for the list beside the green arrow and for a new launch.json. */
export async function allConfigurations({ modules }: Services): Promise<vscode.DebugConfiguration[]> {
  await modules.untilSearched();
  return modules.all.flatMap(({ module, jobs }) =>
    jobs.map((job) => configurationOf({ module: module.root, job: job.name })),
  );
}

/** Fills in what a configuration leaves out; an empty one becomes the job of the active editor. */
export async function completed(
  services: Services,
  { folder, given }: { folder: vscode.WorkspaceFolder | undefined; given: vscode.DebugConfiguration },
): Promise<vscode.DebugConfiguration> {
  await services.modules.untilSearched();
  const parsed = configurationSchema.safeParse(given);
  if (!parsed.success) {
    throw new UdfError("USAGE", {
      what: vscode.l10n.t("the debug configuration is wrong: {0}", z.prettifyError(parsed.error)),
      where: given.name,
      next: vscode.l10n.t("Correct it in launch.json."),
    });
  }
  const { module, job } = parsed.data;
  const choice = await chosen(services, { ...(module === undefined ? {} : { module: absolute(module, folder) }), job });
  return { ...configurationOf(choice), ...given, ...choice, type: debugType, request: "launch" };
}

/** Brings everything up to date that the session needs. Throws TOOL_MISSING, and what a build throws. */
export async function prepared(
  services: Services,
  configuration: vscode.DebugConfiguration,
): Promise<vscode.DebugConfiguration> {
  await vscode.workspace.saveAll(false);
  // a view that only opens at the first stop shows the variables closed
  const opens = vscode.workspace.getConfiguration("debug").get<string>("openDebug") !== "neverOpen";
  if (opens) await vscode.commands.executeCommand("workbench.view.debug");
  const { path: found, version } = await debugAdapterOf();
  services.log.info(`Debugging with ${found}, version ${version}.`);
  await buildModule(moduleAt(services, String(configuration.module)).module, "debug");
  const nodePath = await configuredNode();
  return { ...configuration, ...(nodePath === undefined ? {} : { nodePath }) };
}

async function chosen(
  services: Services,
  { module, job }: { module?: string; job: string | undefined },
): Promise<DebugChoice> {
  if (job === undefined) {
    const { entry, job: picked } = await chooseJob(services, module === undefined ? undefined : { root: module });
    return { module: entry.module.root, job: picked.name };
  }
  const entry = module === undefined ? await chooseModule(services, undefined) : moduleAt(services, module);
  return { module: entry.module.root, job: findJob(entry.module, job).name };
}

function moduleAt({ modules }: Services, root: string): ModuleEntry {
  const entry = modules.all.find(({ module }) => module.root === root);
  if (entry) return entry;
  throw new UdfError("MODULE_NOT_FOUND", {
    what: vscode.l10n.t("there is no module of this workspace there"),
    where: root,
    next: vscode.l10n.t("Correct it in launch.json."),
  });
}

function absolute(file: string, folder: vscode.WorkspaceFolder | undefined): string {
  return path.resolve(folder?.uri.fsPath ?? "", file);
}
