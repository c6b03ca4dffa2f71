import * as vscode from "vscode";
import type { Span } from "../../author/span.ts";

/** A part of a document's text as VS Code counts it. */
export function rangeOf(document: vscode.TextDocument, { start, end }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** A token of VS Code as a signal. Dispose what it gives, so that nothing listens any more. */
export function signalOf(token: vscode.CancellationToken): { signal: AbortSignal; dispose(): void } {
  const abort = new AbortController();
  const subscription = token.onCancellationRequested(() => abort.abort(new vscode.CancellationError()));
  if (token.isCancellationRequested) abort.abort(new vscode.CancellationError());
  return { signal: abort.signal, dispose: () => subscription.dispose() };
}
