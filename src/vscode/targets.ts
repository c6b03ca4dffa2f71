import { availableParallelism } from "node:os";
import * as vscode from "vscode";
import { UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";
import { type Target, targetsOf } from "../core/target.ts";
import { findTarget } from "../module/find-target.ts";
import type { Modules } from "./modules.ts";

/** Where jobs of the workspace's modules can run: each name once. */
export function targetsIn({ all }: Modules): Target[] {
  const named = [...targetsOf({}), ...all.flatMap(({ module }) => targetsOf(module.targets))];
  return [...new Map(named.map((target) => [target.name, target])).values()];
}

/** One line about a target. */
export function describeTarget(target: Target): string {
  if (target.kind === "local") {
    return vscode.l10n.t("worker processes on this machine ({0} cores)", availableParallelism());
  }
  const { connect, master } = target.spark;
  const place = connect ?? master;
  return place === undefined ? vscode.l10n.t("Spark on this machine") : vscode.l10n.t("Spark, {0}", place);
}

/** The target that the settings name; a module may have none of that name. */
export function selectedTarget(): string {
  const value: unknown = vscode.workspace.getConfiguration("nativeUdf").get("target", "local");
  return String(value);
}

/** The target that a module's job is submitted to. Throws TARGET_UNKNOWN. */
export function requireTarget(module: Module): Target {
  const name = selectedTarget();
  try {
    return findTarget(module, name);
  } catch (cause) {
    throw new UdfError("TARGET_UNKNOWN", {
      what: vscode.l10n.t('there is no target "{0}"', name),
      where: "nativeUdf.target",
      next: vscode.l10n.t('Choose one with "Native UDF: Select Target".'),
      cause,
    });
  }
}
