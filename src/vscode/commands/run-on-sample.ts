import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import { callsFunction } from "../../author/jobs-calling.ts";
import { UdfError } from "../../core/error.ts";
import type { JobFile } from "../../run/job-files.ts";
import { chooseJob } from "../choose.ts";
import { type FunctionArgument, functionArgument } from "../language/function-argument.ts";
import type { ModuleEntry } from "../modules.ts";
import type { Services } from "../services.ts";
import type { Command } from "./command.ts";
import { submit } from "./submit-job.ts";

const sampleRows = 10_000;

/** Runs a job over the first rows of its input: the job that is meant, or the first one that calls the function. */
export const runOnSample: Command = {
  id: "nativeUdf.runOnSample",
  needsTrust: true,
  run: async (services, argument) => {
    const called = functionArgument(argument);
    const { entry, job } = called ? await jobThatCalls(services, called) : await chooseJob(services, argument);
    await submit(services, { module: entry.module, job: job.name, target: "local", sampleRows });
  },
};

async function jobThatCalls(
  { modules }: Services,
  { root, function: name }: FunctionArgument,
): Promise<{ entry: ModuleEntry; job: JobFile }> {
  const entry = modules.all.find(({ module }) => module.root === root);
  if (!entry) throw new UdfError("MODULE_NOT_FOUND", { what: vscode.l10n.t("the module is gone"), where: root });
  const job = entry.jobs.find(({ path }) => callsFunction(textOf(path), name));
  if (job) return { entry, job };
  throw new UdfError("JOB_UNKNOWN", {
    what: vscode.l10n.t("no job of the module calls {0}()", name),
    where: vscode.workspace.asRelativePath(entry.module.jobs),
    next: vscode.l10n.t("Call it in the map of a job, a file that ends in .job.ts."),
  });
}

/** As it is in the editor, where it is open. */
function textOf(file: string): string {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "file" && uri.fsPath === file);
  return open?.getText() ?? readFileSync(file, "utf8");
}
