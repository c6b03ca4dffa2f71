import { accessSync, constants } from "node:fs";
import * as vscode from "vscode";
import { UdfError } from "../core/error.ts";

/** The Node of the settings; undefined for the one that VS Code brings. Throws TOOL_MISSING where it cannot be run. */
export function configuredNode(): string | undefined {
  const path = vscode.workspace.getConfiguration("nativeUdf").get<string>("nodePath", "").trim();
  if (path === "") return undefined;
  try {
    accessSync(path, constants.X_OK);
  } catch (cause) {
    throw new UdfError("TOOL_MISSING", {
      what: vscode.l10n.t("there is no program that can be run"),
      where: `nativeUdf.nodePath: ${path}`,
      next: vscode.l10n.t("Correct the setting, or leave it empty."),
      cause,
    });
  }
  return path;
}
