import { availableParallelism } from "node:os";
import * as vscode from "vscode";
import type { Services } from "./services.ts";

/** Where a job can run. */
export type Target = { name: string; description: () => string };

export const targets: readonly Target[] = [
  {
    name: "local",
    description: () => vscode.l10n.t("worker processes on this machine ({0} cores)", availableParallelism()),
  },
];

/** The target of the settings; `local` where they name none that there is. */
export function selectedTarget({ log }: Pick<Services, "log">): string {
  const name = vscode.workspace.getConfiguration("nativeUdf").get<string>("target", "local");
  if (targets.some((target) => target.name === name)) return name;
  log.warn(`The setting nativeUdf.target names "${name}", which is not there; it is "local" instead.`);
  return "local";
}
