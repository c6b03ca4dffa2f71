import * as vscode from "vscode";
import { messageOf, UdfError } from "../core/error.ts";
import { registerCommands } from "./commands/register.ts";
import { setContextKey } from "./context-keys.ts";
import { StateMachine } from "./extension-state.ts";
import { registerFeatures } from "./features.ts";
import { Modules } from "./modules.ts";
import { Runs } from "./runs.ts";
import type { Services } from "./services.ts";

/** The extension of one window, from its start to its end. */
export class Extension {
  readonly #services: Services;

  /** Registers the log and the commands, so that none of them is ever unknown. */
  constructor(context: vscode.ExtensionContext) {
    const log = vscode.window.createOutputChannel("Native UDF", { log: true });
    const state = new StateMachine();
    const modules = new Modules(log);
    const runs = new Runs({ log, modules, memory: context.workspaceState });
    this.#services = { context, log, state, modules, runs };
    context.subscriptions.push(
      log,
      state,
      modules,
      runs,
      state.onDidChange(({ kind }) => setContextKey("nativeUdf.state", kind)),
      modules.onDidChange(() => {
        setContextKey("nativeUdf.hasModule", modules.all.length > 0);
        setContextKey(
          "nativeUdf.hasArtifact",
          modules.all.some(({ manifest }) => manifest !== undefined),
        );
      }),
      registerCommands(this.#services),
    );
    setContextKey("nativeUdf.state", "starting");
  }

  /** Finds the modules and registers the features. Never rejects: what fails is the extension's state. */
  async start(): Promise<void> {
    const { context, state, modules, runs, log } = this.#services;
    try {
      context.subscriptions.push(registerFeatures(this.#services));
      await modules.untilSearched();
      runs.findRunning();
      if (vscode.workspace.isTrusted) {
        state.set({ kind: "ready" });
      } else {
        context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(() => state.set({ kind: "ready" })));
        state.set({ kind: "limited" });
      }
    } catch (cause) {
      const error =
        cause instanceof UdfError
          ? cause
          : new UdfError("TOOL_FAILED", {
              what: `native-udf could not start: ${messageOf(cause)}`,
              next: 'Reload the window; if it stays so, use "Native UDF: Capture Diagnostics" for a bug report.',
              cause,
            });
      log.error(error);
      state.set({ kind: "failed", error });
    }
  }

  /** Runs go on: they are not this process's. */
  async stop(): Promise<void> {
    await this.#services.runs.stop();
  }
}
