import type * as vscode from "vscode";
import type { Explanations } from "./explain/explanations.ts";
import type { StateMachine } from "./extension-state.ts";
import type { Modules } from "./modules.ts";
import type { PanelFocus } from "./panel/panel-focus.ts";
import type { Runs } from "./runs.ts";

/** What the features of the extension are given. */
export type Services = {
  context: vscode.ExtensionContext;
  /** The one log of the extension. */
  log: vscode.LogOutputChannel;
  state: StateMachine;
  modules: Modules;
  runs: Runs;
  panelFocus: PanelFocus;
  explanations: Explanations;
};
