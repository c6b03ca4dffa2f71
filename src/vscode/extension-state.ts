import * as vscode from "vscode";
import type { UdfError } from "../core/error.ts";

/**
 * Where the extension is. `limited`: the workspace is not trusted, so nothing of it is run. `failed`: it could not start;
 * the error says what to do.
 */
export type ExtensionState =
  | { kind: "starting" }
  | { kind: "ready" }
  | { kind: "limited" }
  | { kind: "failed"; error: UdfError };

/** Holds the state, and tells of its changes; `when` clauses see it as `nativeUdf.state`. */
export class StateMachine implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<ExtensionState>();
  readonly onDidChange = this.#changed.event;
  #state: ExtensionState = { kind: "starting" };

  get state(): ExtensionState {
    return this.#state;
  }

  set(state: ExtensionState): void {
    this.#state = state;
    this.#changed.fire(state);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
