import { availableParallelism } from "node:os";
import * as vscode from "vscode";
import { UdfError } from "../core/error.ts";

/** Where a job can run. */
export type Target = { name: string; description: () => string };

export const targets: readonly Target[] = [
  {
    name: "local",
    description: () => vscode.l10n.t("worker processes on this machine ({0} cores)", availableParallelism()),
  },
];

/** The target that the settings name, whether there is one of that name or not. */
export function selectedTarget(): { name: string; exists: boolean } {
  const value: unknown = vscode.workspace.getConfiguration("nativeUdf").get("target", "local");
  const name = String(value);
  return { name, exists: targets.some((target) => target.name === name) };
}

/** The target that a job is submitted to. Throws TARGET_UNKNOWN. */
export function requireTarget(): string {
  const { name, exists } = selectedTarget();
  if (exists) return name;
  throw new UdfError("TARGET_UNKNOWN", {
    what: vscode.l10n.t('there is no target "{0}"', name),
    where: "nativeUdf.target",
    next: vscode.l10n.t('Choose one with "Native UDF: Select Target".'),
  });
}
