import { readFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import type { Diagnostic, Location } from "../../core/diagnostic.ts";

export const diagnosticSource = "native-udf";

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  note: vscode.DiagnosticSeverity.Information,
};

/** Diagnostics by the file that each belongs to, below `root`; one without a place belongs to `fallback`. */
export function byFile(
  root: string,
  diagnostics: readonly Diagnostic[],
  fallback: string,
): [vscode.Uri, vscode.Diagnostic[]][] {
  const files = new Map<string, vscode.Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const file = diagnostic.location ? path.resolve(root, diagnostic.location.file) : fallback;
    files.set(file, [...(files.get(file) ?? []), converted(root, { diagnostic, file })]);
  }
  return [...files].map(([file, list]) => [vscode.Uri.file(file), list]);
}

function converted(root: string, { diagnostic, file }: { diagnostic: Diagnostic; file: string }): vscode.Diagnostic {
  const { severity, message, code, location, related } = diagnostic;
  const result = new vscode.Diagnostic(rangeOf(file, location), message, severities[severity]);
  result.source = diagnosticSource;
  if (code !== undefined) result.code = code;
  result.relatedInformation = related.map((frame) => {
    const other = path.resolve(root, frame.location.file);
    const place = new vscode.Location(vscode.Uri.file(other), rangeOf(other, frame.location));
    return new vscode.DiagnosticRelatedInformation(place, frame.message);
  });
  return result;
}

/** The word that begins at the place, or the line's code where no column is known. */
function rangeOf(file: string, location: Location | undefined): vscode.Range {
  const line = (location?.line ?? 1) - 1;
  const text = lineOf(file, line);
  if (location?.column === undefined) {
    const indent = text.length - text.trimStart().length;
    return new vscode.Range(line, indent, line, text.trimEnd().length || Number.MAX_SAFE_INTEGER);
  }
  const start = location.column - 1;
  const word = /^[\p{L}\p{N}_]+/u.exec(text.slice(start))?.[0] ?? " ";
  return new vscode.Range(line, start, line, start + word.length);
}

function lineOf(file: string, line: number): string {
  try {
    return readFileSync(file, "utf8").split("\n")[line] ?? "";
  } catch {
    return ""; // a place in a file that is not here is still a place
  }
}
