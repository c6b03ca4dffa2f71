import * as vscode from "vscode";
import { UdfError } from "../core/error.ts";
import type { JobFile } from "../run/job-files.ts";
import type { ModuleEntry } from "./modules.ts";
import type { Services } from "./services.ts";

/** A module that a menu handed over, as its tree item or its file. */
function ofArgument({ modules }: Services, argument: unknown): ModuleEntry | undefined {
  if (argument instanceof vscode.Uri) return modules.of(argument);
  if (typeof argument !== "object" || argument === null) return undefined;
  const root: unknown = Reflect.get(argument, "root");
  return typeof root === "string" ? modules.all.find(({ module }) => module.root === root) : undefined;
}

/**
 * The module that is meant: what the menu handed over, the one of the active editor, the only one, or the one that the
 * user picks. Throws MODULE_NOT_FOUND; CancellationError when the user picks none.
 */
export async function chooseModule(services: Services, argument: unknown): Promise<ModuleEntry> {
  const { modules } = services;
  await modules.untilSearched();
  const given = ofArgument(services, argument) ?? modules.of(vscode.window.activeTextEditor?.document.uri);
  if (given) return given;
  const [only, ...more] = modules.all;
  if (!only) {
    const [broken] = modules.broken;
    if (broken) throw broken.error;
    throw new UdfError("MODULE_NOT_FOUND", {
      what: vscode.l10n.t("there is no module in this workspace"),
      next: vscode.l10n.t('Make one with "Native UDF: Scaffold New Extension…".'),
    });
  }
  if (more.length === 0) return only;
  const items = modules.all.map((entry) => ({
    label: entry.module.name,
    description: vscode.workspace.asRelativePath(entry.module.root),
    entry,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Module") });
  if (!picked) throw new vscode.CancellationError();
  return picked.entry;
}

/** The job that is meant, in the same way. Throws JOB_UNKNOWN, CancellationError. */
export async function chooseJob(services: Services, argument: unknown): Promise<{ entry: ModuleEntry; job: JobFile }> {
  const file = jobFileOf(argument) ?? vscode.window.activeTextEditor?.document.uri.fsPath;
  const entry = await chooseModule(services, file ? vscode.Uri.file(file) : argument);
  const jobs = [...entry.jobs, ...entry.scripts];
  const given = jobs.find(({ path }) => path === file);
  if (given) return { entry, job: given };
  const [only, ...more] = jobs;
  if (!only) {
    throw new UdfError("JOB_UNKNOWN", {
      what: vscode.l10n.t("the module has no job"),
      where: entry.module.jobs,
      next: vscode.l10n.t("Write one: a file that ends in .job.ts."),
    });
  }
  if (more.length === 0) return { entry, job: only };
  const items = jobs.map((job) => ({
    label: job.name,
    description: vscode.workspace.asRelativePath(job.path),
    job,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Job") });
  if (!picked) throw new vscode.CancellationError();
  return { entry, job: picked.job };
}

function jobFileOf(argument: unknown): string | undefined {
  if (argument instanceof vscode.Uri) return argument.fsPath;
  if (typeof argument !== "object" || argument === null) return undefined;
  const file: unknown = Reflect.get(argument, "jobFile");
  return typeof file === "string" ? file : undefined;
}
