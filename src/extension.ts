import type * as vscode from "vscode";
import { Extension } from "./vscode/extension.ts";

let extension: Extension | undefined;

/** Called by VS Code at the first of the activation events; everything slow happens after it has returned. */
export function activate(context: vscode.ExtensionContext): { ready: Promise<void> } {
  extension = new Extension(context);
  return { ready: extension.start() };
}

/** VS Code disposes the rest through the context's subscriptions. */
export async function deactivate(): Promise<void> {
  await extension?.stop();
  extension = undefined;
}
