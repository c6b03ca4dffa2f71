import { constants } from "node:os";
import { UdfError } from "../core/error.ts";
import { type Exit, type LaunchedWorker, type LaunchOptions, workerProgram } from "../run/local/launch-worker.ts";
import { connectOption } from "../run/local/parent-channel.ts";
import type { DebugAdapter } from "../toolchain/debug-adapter.ts";
import { AdapterProcess } from "./adapter-process.ts";
import { DebuggedWorker } from "./debugged-worker.ts";
import { launchArguments, settingsOf } from "./debuggee.ts";
import { type DapEvent, type DapResponse, exitedSchema, outputSchema, stoppedSchema } from "./messages.ts";
import type { SessionFolder } from "./session-folder.ts";

export type DebuggerHandlers = {
  onEvent: (event: DapEvent) => void;
  /** It wants something of the editor, which it is not given. */
  onRefused: (command: string) => void;
};

export type WorkerOptions = {
  /** How the run starts its worker. */
  options: LaunchOptions;
  /** The module's folder. */
  root: string;
  folder: SessionFolder;
  /** The worker is there, and waits for breakpoints. */
  onLaunched: (response: DapResponse) => void;
};

/** The machine's debug adapter with the run's worker under it. */
export class Debugger {
  readonly #kind: DebugAdapter["kind"];
  readonly #handlers: DebuggerHandlers;
  readonly #adapter: AdapterProcess;
  #worker: DebuggedWorker | undefined;
  /** It takes breakpoints; told when there is something to stop in. */
  #isReady = false;
  #launchSent = false;
  /** The last stop was a signal's. */
  #isFaulty = false;
  /** What it says of its own start, of interest where that fails; undefined when it has started. */
  #said: string | undefined = "";

  constructor(found: DebugAdapter, handlers: DebuggerHandlers) {
    this.#kind = found.kind;
    this.#handlers = handlers;
    this.#adapter = new AdapterProcess(found, {
      onRequest: ({ command }) => handlers.onRefused(command),
      onEvent: (event) => this.#onEvent(event),
      onEnd: (reason) => this.#onEnd(reason),
    });
  }

  request(command: string, args: unknown, onResponse: (response: DapResponse) => void): void {
    this.#adapter.peer.request(command, args, onResponse);
  }

  /** Has the debugger start the worker; it stands still until the editor's `configurationDone`. */
  launch(launching: WorkerOptions): LaunchedWorker {
    const { onMessage, onOutput } = launching.options;
    const worker = new DebuggedWorker({
      ...{ onMessage, onOutput },
      socket: launching.folder.socket,
      onKill: () => void this.#endAdapter(),
    });
    this.#worker = worker;
    worker.listening.then(
      () => this.#start(worker, launching),
      (error: unknown) => worker.fail(error),
    );
    return worker;
  }

  /** Ends the worker, then the adapter. */
  async end(): Promise<void> {
    this.#worker?.kill();
    await this.#endAdapter();
  }

  #endAdapter(): Promise<void> {
    return this.#adapter.end({ program: this.#launchSent });
  }

  #start(worker: DebuggedWorker, { options, root, folder, onLaunched }: WorkerOptions): void {
    const { peer } = this.#adapter;
    const debuggee = {
      program: options.nodePath,
      args: [workerProgram(), connectOption, folder.socket],
      cwd: options.cwd,
      symbols: folder.path,
      root,
    };
    // lldb takes its settings from the launch, so that they are there before the program is
    const settings = this.#kind === "gdb" ? settingsOf("gdb", debuggee) : [];
    for (const expression of settings) peer.request("evaluate", { expression, context: "repl" });
    peer.request("launch", launchArguments(this.#kind, debuggee), (response) => {
      if (response.success) {
        this.#said = undefined;
        onLaunched(response);
        return;
      }
      const details = [response.message, this.#said, this.#adapter.errors].filter((text) => text).join("\n");
      worker.fail(
        new UdfError("TOOL_FAILED", {
          what: `the debugger could not start the job's worker: ${details.trim().split("\n")[0] || "it does not say why"}`,
          where: options.nodePath,
          details,
        }),
      );
    });
    this.#launchSent = true;
    this.#tellReady();
  }

  #onEvent(message: DapEvent): void {
    const { event, body } = message;
    switch (event) {
      case "initialized":
        this.#isReady = true;
        this.#tellReady();
        return;
      case "output":
        this.#onOutput(message);
        return;
      case "stopped":
        this.#isFaulty = /^(?:exception|signal)$/.test(stoppedSchema.safeParse(body).data?.reason ?? "");
        this.#handlers.onEvent(message);
        return;
      case "exited":
        this.#worker?.end(this.#exitOf(exitedSchema.safeParse(body).data?.exitCode ?? null));
        this.#handlers.onEvent(message);
        return;
      case "terminated":
        // the run tells when it is over
        this.#worker?.end({ exitCode: null, signal: null });
        return;
      default:
        this.#handlers.onEvent(message);
    }
  }

  /** lldb gives the number of the signal that ended a program as its exit code. */
  #exitOf(exitCode: number | null): Exit {
    const numbers: [string, number][] = Object.entries(constants.signals);
    const name = this.#isFaulty ? numbers.find(([, number]) => number === exitCode)?.[0] : undefined;
    return isSignal(name) ? { exitCode: null, signal: name } : { exitCode, signal: null };
  }

  #tellReady(): void {
    if (!this.#isReady || !this.#launchSent) return;
    this.#isReady = false;
    this.#handlers.onEvent({ type: "event", event: "initialized" });
  }

  #onOutput(message: DapEvent): void {
    const output = outputSchema.safeParse(message.body).data;
    if (!output) return;
    if (this.#said !== undefined) {
      this.#said += output.output; // there is no program yet
      return;
    }
    if (output.category === "stdout" || output.category === "stderr") this.#worker?.output(output.output);
    this.#handlers.onEvent(message);
  }

  #onEnd(reason: string | undefined): void {
    const errors = this.#adapter.errors.trim();
    this.#worker?.fail(
      new UdfError("TOOL_FAILED", {
        what: `the debug adapter has ended${reason ? `: ${reason}` : ""}`,
        ...(errors ? { details: errors } : {}),
      }),
    );
  }
}

function isSignal(name: string | undefined): name is NodeJS.Signals {
  return name !== undefined && name in constants.signals;
}
