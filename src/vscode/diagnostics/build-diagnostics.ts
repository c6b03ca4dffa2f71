import path from "node:path";
import * as vscode from "vscode";
import type { Diagnostic } from "../../core/diagnostic.ts";
import { type Module, moduleFileName } from "../../core/module.ts";
import { byFile } from "./convert.ts";

let collection: vscode.DiagnosticCollection | undefined;
const filesOf = new Map<string, vscode.Uri[]>();

/** What the compiler, the linker and the audit say. */
export function registerBuildDiagnostics(): vscode.Disposable {
  collection = vscode.languages.createDiagnosticCollection("native-udf build");
  return collection;
}

/** Replaces what the last build of the module said. */
export function setBuildDiagnostics(module: Module, diagnostics: readonly Diagnostic[]): void {
  for (const uri of filesOf.get(module.root) ?? []) collection?.delete(uri);
  const files = byFile(module.root, diagnostics, path.join(module.root, moduleFileName));
  for (const [uri, list] of files) collection?.set(uri, list);
  filesOf.set(
    module.root,
    files.map(([uri]) => uri),
  );
}
