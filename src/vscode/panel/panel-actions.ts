import { createReadStream, createWriteStream } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import * as vscode from "vscode";
import { debuggerTarget } from "../../core/debugger-target.ts";
import { runEventSchema } from "../../core/events.ts";
import type { PanelActions } from "../../panel/host/panel-host.ts";
import { eventsFile } from "../../run/event-log.ts";
import { findJob } from "../../run/job-files.ts";
import { submit } from "../commands/submit-job.ts";
import type { LiveRun } from "../runs.ts";
import type { Services } from "../services.ts";
import { showError } from "../show-error.ts";
import { withProgress } from "../with-progress.ts";

/** Where the workspace remembers what the page showed. */
export const stateKey = "panel";

/** What the page of the panel asks for, done in the editor. */
export function panelActions(services: Services): PanelActions {
  const { runs, log, context } = services;
  const runOf = (id: string) => runs.all.find((run) => run.id === id);
  const doing = (action: () => Promise<unknown>) => {
    action().catch((error: unknown) => showError(services, error));
  };
  return {
    cancel: (id) => void vscode.commands.executeCommand("nativeUdf.cancelRun", id),
    rerun: (id) =>
      doing(async () => {
        const run = runOf(id);
        if (run) await rerun(services, run);
      }),
    open: ({ run: id, file, line, column = 1 }) =>
      doing(async () => {
        const run = runOf(id);
        if (!run) return;
        const at = new vscode.Position(line - 1, column - 1);
        const uri = vscode.Uri.file(path.resolve(run.module.root, file));
        await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
      }),
    openResult: (id) => void vscode.commands.executeCommand("nativeUdf.openResult", id),
    copy: (text) => doing(async () => vscode.env.clipboard.writeText(text)),
    saveLog: (id) =>
      doing(async () => {
        const run = runOf(id);
        if (run) await saveLog(run);
      }),
    remember: (state) => void context.workspaceState.update(stateKey, state),
    log: (message) => log.error(message),
  };
}

/** Does once more what the run did: all rows or a sample, with sanitizers, under the debugger or not. */
async function rerun(services: Services, { module, job, target, sampleRows, sanitize }: LiveRun): Promise<void> {
  if (target === debuggerTarget) {
    await vscode.commands.executeCommand("nativeUdf.debugJob", { jobFile: findJob(module, job).path });
    return;
  }
  // the output is that run's own
  await submit(services, { module, job, target, sampleRows, sanitize, overwrite: true });
}

/** Writes a run's log as text, a line for a line. */
async function saveLog({ id, module, folder }: LiveRun): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(module.root, `${id}.log`)),
    title: vscode.l10n.t("Save the log as"),
  });
  if (!target) return;
  await withProgress({
    title: vscode.l10n.t("Saving the log"),
    run: async ({ signal }) => {
      const input = createReadStream(path.join(folder.path, eventsFile), { encoding: "utf8" });
      const lines = async function* () {
        for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
          if (!line.includes('"kind":"log"')) continue;
          const event = runEventSchema.safeParse(JSON.parse(line)).data;
          if (event?.kind === "log") yield `${event.time} worker ${event.worker} ${event.level} ${event.text}\n`;
        }
      };
      await pipeline(lines, createWriteStream(target.fsPath), { signal });
    },
  });
}
