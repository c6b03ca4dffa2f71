import type { Readable, Writable } from "node:stream";
import { messageOf, UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";
import { loadModule } from "../module/load-module.ts";
import { type LaunchedWorker, type LaunchOptions, workerProgram } from "../run/local/launch-worker.ts";
import { connectOption } from "../run/local/parent-channel.ts";
import type { Run } from "../run/submit.ts";
import { type DebugAdapter, findDebugAdapter } from "../toolchain/debug-adapter.ts";
import { AdapterProcess } from "./adapter-process.ts";
import { Breakpoints } from "./breakpoints.ts";
import { buildForDebugging, type DebugBuild, submitDebugged } from "./debug-build.ts";
import { DebuggedWorker } from "./debugged-worker.ts";
import { launchArguments, settingsOf } from "./debuggee.ts";
import { type LineTable, readLineTable } from "./line-table.ts";
import {
  breakpointEventSchema,
  type DapEvent,
  type DapRequest,
  type DapResponse,
  exitedSchema,
  launchArgumentsSchema,
  outputSchema,
  setBreakpointsSchema,
} from "./messages.ts";
import { Peer } from "./peer.ts";
import { describeEvent, describeSummary } from "./run-text.ts";
import { SessionFolder } from "./session-folder.ts";
import { withTexts } from "./string-views.ts";
import { refusalOf, whyUnbound } from "./unbound.ts";

export type DebugSessionOptions = { input: Readable; output: Writable };

type Running = { adapter: AdapterProcess; kind: DebugAdapter["kind"] };

/**
 * A debug adapter for jobs, between the editor and the machine's adapter for C++. It builds, coordinates the run in this
 * process, has the other adapter start the run's one worker, and hands on what the two say to each other.
 */
export class DebugSession {
  /** Resolves when the editor has left, and all that was started is gone. */
  readonly ended: Promise<void>;
  readonly #client: Peer;
  readonly #abort = new AbortController();
  readonly #breakpoints = new Breakpoints();
  #onEnded: () => void = () => undefined;
  #running: Running | undefined;
  #module: Module | undefined;
  #folder: SessionFolder | undefined;
  #worker: DebuggedWorker | undefined;
  #followed: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #table: Promise<LineTable> | undefined;
  /** The adapter is ready for breakpoints; the editor hears of it when there is something to stop in. */
  #ready = false;
  #launchSent = false;
  /** The editor's request, until it is answered. */
  #unanswered: DapRequest | undefined;
  /** What the adapter says of its own start, of interest where that fails. */
  #said: string | undefined = "";

  constructor({ input, output }: DebugSessionOptions) {
    this.ended = new Promise((resolve) => {
      this.#onEnded = resolve;
    });
    this.#client = new Peer({
      ...{ input, output },
      onRequest: (request) => this.#onRequest(request),
      onEvent: () => undefined,
      onEnd: () => void this.stop(),
    });
  }

  /** Ends the run with all its processes. */
  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  async #end(): Promise<void> {
    this.#abort.abort(new UdfError("CANCELLED", { what: "the debug session was stopped" }));
    this.#worker?.kill();
    await this.#running?.adapter.end();
    await this.#followed;
    this.#folder?.remove();
  }

  #onRequest(request: DapRequest): void {
    switch (request.command) {
      case "initialize":
        void this.#answer(request, () => this.#initialize(request));
        return;
      case "launch":
        void this.#answer(request, () => this.#launch(request));
        return;
      case "attach":
        this.#client.refuse(request, "A job is launched; there is nothing to attach to.");
        return;
      case "disconnect":
      case "terminate":
        void this.#leave(request);
        return;
      case "setBreakpoints":
        this.#setBreakpoints(request);
        return;
      default:
        this.#forward(request);
    }
  }

  /** A request that fails is refused with what to do about it. */
  async #answer(request: DapRequest, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof UdfError && error.details) this.#say(`${error.details}\n`, "stderr");
      this.#client.refuse(request, messageOf(error));
    }
  }

  async #leave(request: DapRequest): Promise<void> {
    await this.stop();
    this.#client.respond(request);
    this.#onEnded();
  }

  async #initialize(request: DapRequest): Promise<void> {
    const found = await findDebugAdapter({ signal: this.#abort.signal });
    this.#running = {
      kind: found.kind,
      adapter: new AdapterProcess(found, {
        onRequest: ({ command }) => this.#say(`The debug adapter asked for ${command}, which there is not.\n`),
        onEvent: (event) => this.#onAdapterEvent(event),
        onEnd: (reason) => this.#adapterEnded(reason),
      }),
    };
    const args = { ...Object(request.arguments), supportsRunInTerminalRequest: false };
    this.#running.adapter.peer.request("initialize", args, (response) =>
      this.#client.forward(request, { ...response, body: capabilities(response.body) }),
    );
  }

  async #launch(request: DapRequest): Promise<void> {
    const { module: folder, job, sampleRows, nodePath } = launchArgumentsSchema.parse(request.arguments);
    const module = loadModule(folder);
    this.#module = module;
    const { signal } = this.#abort;
    const built = await buildForDebugging(module, {
      signal,
      onProgress: ({ done, total, step }) => this.#say(`[${done}/${total}] ${step}\n`),
    });
    signal.throwIfAborted();
    this.#folder = new SessionFolder();
    this.#folder.addSymbols(built);
    this.#unanswered = request;
    const launch = (options: LaunchOptions) => this.#launchWorker(options);
    this.#followed = this.#follow(submitDebugged(built, { job, sampleRows, nodePath, launch, signal }), built);
  }

  /** Called by the run, once. */
  #launchWorker(options: LaunchOptions): LaunchedWorker {
    const { onMessage, onOutput } = options;
    const socket = this.#folder?.socket ?? "";
    const onKill = () => void this.#running?.adapter.end();
    const worker = new DebuggedWorker({ onMessage, onOutput, socket, onKill });
    this.#worker = worker;
    worker.listening.then(
      () => this.#startWorker(worker, options),
      (error: unknown) => worker.fail(error),
    );
    return worker;
  }

  #startWorker(worker: DebuggedWorker, options: LaunchOptions): void {
    const [running, folder, module] = [this.#running, this.#folder, this.#module];
    if (!running || !folder || !module) throw new Error("a worker is launched before the session");
    const { kind, adapter } = running;
    const debuggee = {
      program: options.nodePath,
      args: [workerProgram(), connectOption, folder.socket],
      cwd: options.cwd,
      symbols: folder.path,
      root: module.root,
    };
    // lldb takes its settings from the launch, so that they are there before the program is
    const settings = kind === "gdb" ? settingsOf(kind, debuggee) : [];
    for (const expression of settings) adapter.peer.request("evaluate", { expression, context: "repl" });
    adapter.peer.request("launch", launchArguments(kind, debuggee), (response) => {
      const request = this.#unanswered;
      if (!request) return;
      if (response.success) {
        this.#said = undefined;
        this.#unanswered = undefined;
        this.#client.forward(request, response);
        return;
      }
      const details = [response.message ?? "", this.#said ?? "", adapter.errors].join("\n").trim();
      const what = `the debugger could not start the job's worker: ${details.split("\n")[0]}`;
      worker.fail(new UdfError("TOOL_FAILED", { what, where: options.nodePath, details }));
    });
    this.#launchSent = true;
    this.#tellReady();
  }

  /** Says what becomes of the run, and ends the session with it. */
  async #follow(run: Run, built: DebugBuild): Promise<void> {
    for await (const event of run.events) {
      const text = describeEvent(event);
      if (text) this.#say(`${text}\n`);
      if (event.kind === "worker.started") void this.#explain(this.#breakpoints.loaded(), built);
    }
    const summary = await run.finished;
    const text = describeSummary(summary);
    if (this.#unanswered) this.#client.refuse(this.#unanswered, text);
    this.#unanswered = undefined;
    this.#say(`${text}\n`, summary.outcome === "failed" ? "stderr" : "console");
    this.#client.event("terminated");
  }

  #setBreakpoints(request: DapRequest): void {
    const asked = setBreakpointsSchema.safeParse(request.arguments).data;
    const file = asked?.source.path;
    const refusal = file && this.#module ? refusalOf(this.#module.root, file) : undefined;
    if (asked && refusal) {
      const breakpoints = (asked.breakpoints ?? []).map(({ line }) => ({ verified: false, line, message: refusal }));
      this.#client.respond(request, { breakpoints });
      return;
    }
    this.#forward(request);
  }

  #forward(request: DapRequest): void {
    const { command, arguments: args } = request;
    if (!this.#running) {
      this.#client.refuse(request, `There is no debug adapter for ${command} yet.`);
      return;
    }
    this.#running.adapter.peer.request(command, args, (response) => this.#onResponse(request, response));
  }

  #onResponse(request: DapRequest, response: DapResponse): void {
    switch (request.command) {
      case "setBreakpoints": {
        const { response: answer, unbound } = this.#breakpoints.answered(request.arguments, response);
        this.#client.forward(request, answer);
        void this.#explain(unbound);
        return;
      }
      case "variables":
        void withTexts(response, (reference) => this.#members(reference)).then((answer) =>
          this.#client.forward(request, answer),
        );
        return;
      default:
        this.#client.forward(request, response);
    }
  }

  #members(variablesReference: number): Promise<DapResponse> {
    return new Promise((resolve) => this.#running?.adapter.peer.request("variables", { variablesReference }, resolve));
  }

  /** Tells why breakpoints do not bind, now that the artifact is loaded. */
  async #explain(ids: readonly number[], built?: DebugBuild): Promise<void> {
    if (built) this.#table ??= readLineTable(built.debugFile, this.#abort.signal);
    if (ids.length === 0 || !this.#module) return;
    const { root } = this.#module;
    const table = await this.#table?.catch(() => undefined);
    if (!table) return;
    for (const id of ids) {
      const place = this.#breakpoints.placeOfUnbound(id);
      if (!place) continue;
      const message = whyUnbound(place, { root, table });
      this.#breakpoints.explain(id, message);
      this.#client.event("breakpoint", { reason: "changed", breakpoint: { id, verified: false, message } });
      this.#say(`Breakpoint at ${place.file}:${place.line}: ${message}\n`);
    }
  }

  #onAdapterEvent({ event, body }: DapEvent): void {
    switch (event) {
      case "initialized":
        this.#ready = true;
        this.#tellReady();
        return;
      case "output":
        this.#onOutput(body);
        return;
      case "breakpoint": {
        const changed = breakpointEventSchema.safeParse(body).data;
        if (changed)
          this.#client.event(event, { ...changed, breakpoint: this.#breakpoints.changed(changed.breakpoint) });
        return;
      }
      case "exited":
        this.#worker?.end({ exitCode: exitedSchema.safeParse(body).data?.exitCode ?? null, signal: null });
        this.#client.event(event, body);
        return;
      case "terminated":
        // the run tells when it is over
        this.#worker?.end({ exitCode: null, signal: null });
        return;
      default:
        this.#client.event(event, body);
    }
  }

  #tellReady(): void {
    if (!this.#ready || !this.#launchSent) return;
    this.#ready = false;
    this.#client.event("initialized");
  }

  #onOutput(body: unknown): void {
    const output = outputSchema.safeParse(body).data;
    if (!output) return;
    if (output.category === "stdout" || output.category === "stderr") this.#worker?.output(output.output);
    else if (this.#said !== undefined) {
      this.#said += output.output;
      return;
    }
    this.#client.event("output", body);
  }

  #adapterEnded(reason: string | undefined): void {
    const errors = this.#running?.adapter.errors.trim();
    this.#worker?.fail(
      new UdfError("TOOL_FAILED", {
        what: `the debug adapter has ended${reason ? `: ${reason}` : ""}`,
        ...(errors ? { details: errors } : {}),
      }),
    );
  }

  #say(output: string, category = "console"): void {
    this.#client.event("output", { category, output });
  }
}

/** What the adapter can do, without what makes no sense for a job. */
function capabilities(body: unknown): Record<string, unknown> {
  const filters: unknown = Object(body).exceptionBreakpointFilters;
  const isOfCpp = (filter: unknown) => !/^(?:objc|swift)_/.test(String(Object(filter).filter));
  return {
    ...Object(body),
    supportsRestartRequest: false,
    supportsTerminateRequest: false,
    supportTerminateDebuggee: false,
    ...(Array.isArray(filters) ? { exceptionBreakpointFilters: filters.filter(isOfCpp) } : {}),
  };
}
