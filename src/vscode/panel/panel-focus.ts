import * as vscode from "vscode";

/** Brings the keyboard into the panel: VS Code shows the view, but goes back into its page only the first time. */
export class PanelFocus implements vscode.Disposable {
  readonly #asked = new vscode.EventEmitter<void>();
  /** The page is to take the focus. */
  readonly onDidAsk = this.#asked.event;

  /** Shows the panel, and goes to what had the focus there before. */
  async take(): Promise<void> {
    await vscode.commands.executeCommand("nativeUdf.panel.focus");
    this.#asked.fire();
  }

  dispose(): void {
    this.#asked.dispose();
  }
}
