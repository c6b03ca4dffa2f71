import * as vscode from "vscode";

export type Task<Result> = {
  title: string;
  /** Ends when the user cancels. `report` shows a line and, where it is known, the share that is done (0 to 1). */
  run: (options: { signal: AbortSignal; report: (line: string, fraction?: number) => void }) => Promise<Result>;
};

/** Shows that something goes on, how far it is, and a way to cancel it. */
export async function withProgress<Result>({ title, run }: Task<Result>): Promise<Result> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort(new vscode.CancellationError()));
    let shown = 0;
    try {
      return await run({
        signal: abort.signal,
        report: (message, fraction) => {
          const increment = fraction === undefined ? undefined : Math.max(0, fraction * 100 - shown);
          shown += increment ?? 0;
          progress.report({ message, ...(increment === undefined ? {} : { increment }) });
        },
      });
    } finally {
      subscription.dispose();
    }
  });
}
