import type { Readable, Writable } from "node:stream";
import { messageOf, UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";
import { loadModule } from "../module/load-module.ts";
import { findJob } from "../run/job-files.ts";
import type { LaunchOptions } from "../run/local/launch-worker.ts";
import type { Run } from "../run/submit.ts";
import { findDebugAdapter } from "../toolchain/debug-adapter.ts";
import { Breakpoints } from "./breakpoints.ts";
import { capabilities } from "./capabilities.ts";
import { buildForDebugging, type DebugBuild, submitDebugged } from "./debug-build.ts";
import { Debugger } from "./debugger.ts";
import { readLineTable } from "./line-table.ts";
import {
  breakpointEventSchema,
  type DapEvent,
  type DapRequest,
  type DapResponse,
  launchArgumentsSchema,
} from "./messages.ts";
import { Peer } from "./peer.ts";
import { describeEvent, describeSummary } from "./run-text.ts";
import { SessionFolder } from "./session-folder.ts";
import { withSubtleFrames } from "./stack-frames.ts";
import { withTexts } from "./string-views.ts";

export type DebugSessionOptions = { input: Readable; output: Writable };

/**
 * A debug adapter for jobs, between the editor and the machine's adapter for C++. It builds, coordinates the run in this
 * process, has the other adapter start the run's one worker, and hands on what the two say to each other.
 */
export class DebugSession {
  /** Resolves when the editor has left, and all that was started is gone. */
  readonly ended: Promise<void>;
  readonly #editor: Peer;
  readonly #abort = new AbortController();
  #onEnded: () => void = () => undefined;
  #debugger: Debugger | undefined;
  #breakpoints: Breakpoints | undefined;
  #module: Module | undefined;
  #folder: SessionFolder | undefined;
  /** The run, until it is over. */
  #followed: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  /** The editor's launch, until it is answered. */
  #launching: DapRequest | undefined;

  constructor({ input, output }: DebugSessionOptions) {
    this.ended = new Promise((resolve) => {
      this.#onEnded = resolve;
    });
    this.#editor = new Peer({
      ...{ input, output },
      onRequest: (request) => void this.#onRequest(request),
      onEvent: () => undefined,
      onEnd: () => void this.stop().then(this.#onEnded),
    });
  }

  /** Ends the run with all its processes. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#abort.abort(new UdfError("CANCELLED", { what: "the debug session was stopped" }));
    await this.#debugger?.end();
    await this.#followed;
    this.#folder?.remove();
  }

  /** A request that fails is refused with what to do about it. */
  async #onRequest(request: DapRequest): Promise<void> {
    try {
      await this.#handle(request);
    } catch (error) {
      if (error instanceof UdfError && error.details) this.#say(error.details, "stderr");
      this.#editor.refuse(request, messageOf(error));
    }
  }

  async #handle(request: DapRequest): Promise<void> {
    switch (request.command) {
      case "initialize":
        return this.#initialize(request);
      case "launch":
        return this.#launch(request);
      case "attach":
        throw new UdfError("USAGE", { what: "a job is launched; there is nothing to attach to" });
      case "disconnect":
      case "terminate":
        await this.stop();
        this.#editor.respond(request);
        this.#onEnded();
        return;
      default:
        return this.#forward(request);
    }
  }

  async #initialize(request: DapRequest): Promise<void> {
    const found = await findDebugAdapter({ signal: this.#abort.signal });
    this.#abort.signal.throwIfAborted();
    this.#debugger = new Debugger(found, {
      onEvent: (event) => this.#onDebuggerEvent(event),
      onRefused: (command) => this.#say(`The debug adapter asked for ${command}, which there is not.`),
    });
    const wanted = { supportsRunInTerminalRequest: false, supportsVariableType: true };
    this.#debugger.request("initialize", { ...Object(request.arguments), ...wanted }, (response) =>
      this.#editor.forward(request, { ...response, body: capabilities(response.body) }),
    );
  }

  async #launch(request: DapRequest): Promise<void> {
    const asked = launchArgumentsSchema.safeParse(request.arguments);
    if (!asked.success) {
      const what = asked.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
      throw new UdfError("USAGE", { what, next: 'A launch names a "module" (its folder) and a "job".' });
    }
    const { module: path, job, sampleRows, nodePath } = asked.data;
    const module = loadModule(path);
    const { root } = module;
    this.#module = module;
    findJob(module, job); // before the build: a wrong name is told at once
    this.#breakpoints = new Breakpoints(root);
    const { signal } = this.#abort;
    const built = await buildForDebugging(module, {
      signal,
      onProgress: ({ done, total, step }) => this.#say(`[${done}/${total}] ${step}`),
    });
    signal.throwIfAborted();
    const folder = new SessionFolder();
    this.#folder = folder;
    folder.addSymbols(built);
    this.#launching = request;
    const launch = (options: LaunchOptions) => {
      if (!this.#debugger) throw new UdfError("USAGE", { what: "a session begins with initialize" });
      return this.#debugger.launch({ options, root, folder, onLaunched: (response) => this.#launched(response) });
    };
    this.#followed = this.#follow(submitDebugged(built, { job, sampleRows, nodePath, launch, signal }), built);
  }

  #launched(response: DapResponse): void {
    if (this.#launching) this.#editor.forward(this.#launching, response);
    this.#launching = undefined;
  }

  /** Says what becomes of the run, and ends the session with it. */
  async #follow(run: Run, { debugFile }: DebugBuild): Promise<void> {
    for await (const event of run.events) {
      const text = describeEvent(event);
      if (text) this.#say(text);
      if (event.kind === "worker.started") {
        this.#breakpoints?.loaded(readLineTable(debugFile, this.#abort.signal));
        void this.#tellUnbound();
      }
    }
    const summary = await run.finished;
    const text = describeSummary(summary);
    if (this.#launching) this.#editor.refuse(this.#launching, text);
    this.#launching = undefined;
    this.#say(text, summary.outcome === "failed" ? "stderr" : "console");
    this.#editor.event("terminated");
  }

  #forward(request: DapRequest): void {
    const { command, arguments: args } = request;
    const refused = command === "setBreakpoints" ? this.#breakpoints?.refused(args) : undefined;
    if (refused) this.#editor.respond(request, refused);
    else if (this.#debugger) this.#debugger.request(command, args, (response) => this.#answered(request, response));
    else throw new UdfError("USAGE", { what: `${command} came before initialize` });
  }

  #answered(request: DapRequest, response: DapResponse): void {
    switch (request.command) {
      case "setBreakpoints":
        this.#editor.forward(request, this.#breakpoints?.answered(request.arguments, response) ?? response);
        void this.#tellUnbound();
        return;
      case "stackTrace":
        this.#editor.forward(request, this.#module ? withSubtleFrames(response, this.#module.root) : response);
        return;
      case "variables":
        void withTexts(response, (reference) => this.#members(reference)).then((answer) =>
          this.#editor.forward(request, answer),
        );
        return;
      default:
        this.#editor.forward(request, response);
    }
  }

  #members(variablesReference: number): Promise<DapResponse> {
    return new Promise((resolve) => this.#debugger?.request("variables", { variablesReference }, resolve));
  }

  async #tellUnbound(): Promise<void> {
    const unbound = await this.#breakpoints?.unbound().catch((error: unknown) => this.#say(messageOf(error)));
    for (const { id, file, line, message } of unbound ?? []) {
      this.#editor.event("breakpoint", { reason: "changed", breakpoint: { id, verified: false, message } });
      this.#say(`${file}:${line}: ${message}`);
    }
  }

  #onDebuggerEvent({ event, body }: DapEvent): void {
    const changed = event === "breakpoint" ? breakpointEventSchema.safeParse(body).data : undefined;
    const breakpoint = changed && this.#breakpoints?.changed(changed.breakpoint);
    this.#editor.event(event, breakpoint ? { ...changed, breakpoint } : body);
  }

  #say(text: string, category = "console"): void {
    this.#editor.event("output", { category, output: `${text}\n` });
  }
}
