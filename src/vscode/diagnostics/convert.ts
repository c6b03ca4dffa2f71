import path from "node:path";
import * as vscode from "vscode";
import type { Diagnostic, Location } from "../../core/diagnostic.ts";
import type { Module } from "../../core/module.ts";

export const diagnosticSource = "native-udf";

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  note: vscode.DiagnosticSeverity.Information,
};

/** Diagnostics by the file that each belongs to; one without a place belongs to `fallback`. */
export function byFile(
  module: Module,
  diagnostics: readonly Diagnostic[],
  fallback: string,
): [vscode.Uri, vscode.Diagnostic[]][] {
  const files = new Map<string, vscode.Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const file = diagnostic.location ? path.resolve(module.root, diagnostic.location.file) : fallback;
    files.set(file, [...(files.get(file) ?? []), converted(module, diagnostic)]);
  }
  return [...files].map(([file, list]) => [vscode.Uri.file(file), list]);
}

function converted(module: Module, diagnostic: Diagnostic): vscode.Diagnostic {
  const { severity, message, code, location, related } = diagnostic;
  const result = new vscode.Diagnostic(rangeOf(location), message, severities[severity]);
  result.source = diagnosticSource;
  if (code !== undefined) result.code = code;
  result.relatedInformation = related.map(
    (frame) =>
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(vscode.Uri.file(path.resolve(module.root, frame.location.file)), rangeOf(frame.location)),
        frame.message,
      ),
  );
  return result;
}

/** From the column to the end of the word there, or the whole line; VS Code keeps it inside of the line. */
function rangeOf(location: Location | undefined): vscode.Range {
  const line = (location?.line ?? 1) - 1;
  if (location?.column === undefined) return new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER);
  const start = new vscode.Position(line, location.column - 1);
  return new vscode.Range(start, start.translate(0, 1));
}
