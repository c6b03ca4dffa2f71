import * as vscode from "vscode";
import type { PanelHost } from "../../panel/host/panel-host.ts";
import type { Services } from "../services.ts";

/** The panel in VS Code's own panel, beside the problems. It never takes the focus by itself. */
export function registerPanel(services: Services): vscode.Disposable {
  let host: PanelHost | undefined;
  /** Asked for before the page was there. */
  let wanted: string | undefined;
  let isFocusWanted = false;

  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView: async (view) => {
      const { openPanel } = await import("./open-panel.ts");
      const own = openPanel(view, services);
      host = own;
      if (wanted !== undefined) own.select(wanted);
      if (isFocusWanted) own.focus();
      isFocusWanted = false;
      view.onDidDispose(() => {
        if (host === own) host = undefined;
      });
    },
  };
  return vscode.Disposable.from(
    vscode.window.registerWebviewViewProvider("nativeUdf.panel", provider),
    services.runs.onDidSelect(({ id }) => {
      wanted = id;
      host?.select(id);
    }),
    services.panelFocus.onDidAsk(() => {
      isFocusWanted = host === undefined;
      host?.focus();
    }),
    { dispose: () => host?.dispose() },
  );
}
