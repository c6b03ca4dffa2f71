import * as vscode from "vscode";
import { chooseJob } from "../choose.ts";
import { configurationOf } from "../debug/debug-type.ts";
import type { Command } from "./command.ts";

/** Runs a job on this machine with its one worker under a debugger. */
export const debugJob: Command = {
  id: "nativeUdf.debugJob",
  needsTrust: true,
  run: async (services, argument) => {
    const { entry, job } = await chooseJob(services, argument);
    const folder = vscode.workspace.getWorkspaceFolder(entry.uri);
    await vscode.debug.startDebugging(folder, configurationOf({ module: entry.module.root, job: job.name }));
  },
};
