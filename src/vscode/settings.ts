import * as vscode from "vscode";
import { UdfError } from "../core/error.ts";
import { parseSanitizers, type Sanitizers, sanitizerSets } from "../core/sanitizers.ts";
import { requireNode } from "../toolchain/node-program.ts";

/** The Node of the settings; undefined for the one that VS Code brings. Throws TOOL_MISSING where it is no Node. */
export async function configuredNode(): Promise<string | undefined> {
  const path = configuredPath("nodePath");
  if (path !== undefined) await requireNode(path, `nativeUdf.nodePath: ${path}`);
  return path;
}

/** The path that a setting names; undefined where it is empty. */
export function configuredPath(name: "nodePath" | "debuggerPath"): string | undefined {
  const value: unknown = vscode.workspace.getConfiguration("nativeUdf").get(name);
  const path = typeof value === "string" ? value.trim() : "";
  return path === "" ? undefined : path;
}

/** What Run under Sanitizers looks for. Throws USAGE for what is no such set. */
export function configuredSanitizers(): Sanitizers {
  const value: unknown = vscode.workspace.getConfiguration("nativeUdf").get("sanitizers", "address,undefined");
  const found = typeof value === "string" ? parseSanitizers(value) : undefined;
  if (found) return found;
  throw new UdfError("USAGE", {
    what: vscode.l10n.t("it must be one of {0}", sanitizerSets.join(" ")),
    where: `nativeUdf.sanitizers: ${JSON.stringify(value)}`,
    next: vscode.l10n.t("Correct the setting."),
  });
}

const mostWorkers = 1024;

/** How many workers a run gets; undefined for as many as there are cores. Throws USAGE for what is no such number. */
export function configuredWorkers(): number | undefined {
  const value: unknown = vscode.workspace.getConfiguration("nativeUdf").get("workers", 0);
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= mostWorkers) {
    return value === 0 ? undefined : value;
  }
  throw new UdfError("USAGE", {
    what: vscode.l10n.t("it must be a whole number from 0 to {0}", mostWorkers),
    where: `nativeUdf.workers: ${JSON.stringify(value)}`,
    next: vscode.l10n.t("Correct the setting."),
  });
}
