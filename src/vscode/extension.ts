import * as vscode from "vscode";
import { messageOf, UdfError } from "../core/error.ts";
import { registerCommands } from "./commands/register.ts";
import { setContextKey } from "./context-keys.ts";
import { StateMachine } from "./extension-state.ts";
import type { Services } from "./services.ts";

/** The extension of one window, from its start to its end. */
export class Extension {
  readonly #context: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  readonly #state = new StateMachine();
  #services: Promise<Services> | undefined;

  /** Registers the log and the commands, so that none of them is ever unknown; the rest is not loaded yet. */
  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
    this.#log = vscode.window.createOutputChannel("Native UDF", { log: true });
    context.subscriptions.push(
      this.#log,
      this.#state,
      this.#state.onDidChange(({ kind }) => setContextKey("nativeUdf.state", kind)),
      registerCommands({ log: this.#log, services: () => this.#load() }),
    );
    setContextKey("nativeUdf.state", "starting");
  }

  /** Registers the features and finds the modules. Never rejects: what fails is the extension's state. */
  async start(): Promise<void> {
    try {
      const { findWork } = await import("./start.ts");
      await findWork(await this.#load());
    } catch (cause) {
      const error =
        cause instanceof UdfError
          ? cause
          : new UdfError("TOOL_FAILED", {
              what: `native-udf could not start: ${messageOf(cause)}`,
              next: 'Reload the window; if it stays so, install the extension again, or send what "Native UDF: Show Log" shows.',
              cause,
            });
      this.#log.error(error);
      this.#state.set({ kind: "failed", error });
    }
  }

  /** Runs go on: they are not this process's. */
  async stop(): Promise<void> {
    const services = await this.#services?.catch(() => undefined); // why it failed has been shown
    await services?.runs.stop();
  }

  #load(): Promise<Services> {
    const given = { context: this.#context, log: this.#log, state: this.#state };
    this.#services ??= import("./start.ts").then(({ startServices }) => startServices(given));
    return this.#services;
  }
}
