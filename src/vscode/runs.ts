import { readdirSync, watch } from "node:fs";
import * as vscode from "vscode";
import * as z from "zod";
import type { SubmitOptions } from "../app.ts";
import { messageOf, UdfError } from "../core/error.ts";
import { type RunEvent, shareOf } from "../core/events.ts";
import type { Module } from "../core/module.ts";
import { type Sanitizers, sanitizerSets } from "../core/sanitizers.ts";
import { followRun } from "../run/follow.ts";
import { type RunFolder, runFolder, runsFolder } from "../run/run-folder.ts";
import { cancelRun, listRuns, type RunState, showRun } from "../run/store.ts";
import { setContextKey } from "./context-keys.ts";
import type { Modules } from "./modules.ts";

/** A run as the window knows it, live or over. */
export type LiveRun = {
  id: string;
  module: Module;
  job: string;
  target: string;
  state: RunState;
  /** Share of the map stage that is done, 0 to 1; undefined where it is not known. */
  fraction: number | undefined;
  seconds: number | null;
  /** It takes only so many rows of the input; all where it is undefined. */
  sampleRows: number | undefined;
  /** It looks for mistakes with these; with none where it is undefined. */
  sanitize: Sanitizers | undefined;
  folder: RunFolder;
};

export type RunEvents = { run: LiveRun; events: readonly RunEvent[] };

const lastJobSchema = z.object({
  root: z.string(),
  job: z.string(),
  target: z.string(),
  sampleRows: z.number().int().positive().optional(),
  sanitize: z.enum(sanitizerSets).optional(),
});
export type LastJob = z.infer<typeof lastJobSchema>;
const lastJobKey = "lastJob";

type Options = { log: vscode.LogOutputChannel; modules: Modules; memory: vscode.Memento };

/**
 * The runs of the workspace's modules. Each belongs to a process of its own and is read from its folder, so it is found
 * again after a reload, and so are runs that a terminal or another window began.
 */
export class Runs implements vscode.Disposable {
  readonly #options: Options;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #events = new vscode.EventEmitter<RunEvents>();
  readonly onEvents = this.#events.event;
  readonly #selected = new vscode.EventEmitter<LiveRun>();
  /** The user wants to see this run. */
  readonly onDidSelect = this.#selected.event;
  readonly #ended = new vscode.EventEmitter<LiveRun>();
  readonly onDidEnd = this.#ended.event;
  readonly #followed = new Map<string, { run: LiveRun; ended: Promise<void> }>();
  readonly #watched = new Map<string, { close(): void }>();
  readonly #stop = new AbortController();
  readonly #subscription: vscode.Disposable;
  #all: readonly LiveRun[] = [];

  constructor(options: Options) {
    this.#options = options;
    this.#subscription = options.modules.onDidChange(() => this.findRunning());
    setContextKey("nativeUdf.hasLastJob", this.lastJob !== undefined);
  }

  /** Newest first. */
  get all(): readonly LiveRun[] {
    return this.#all;
  }

  get running(): readonly LiveRun[] {
    return this.#all.filter(({ state }) => state === "running");
  }

  get lastJob(): LastJob | undefined {
    return lastJobSchema.safeParse(this.#options.memory.get(lastJobKey)).data;
  }

  /** Builds what has changed, then begins a run in the background. */
  async submit(module: Module, options: SubmitOptions): Promise<LiveRun> {
    const { job, target = "local", sampleRows, sanitize } = options;
    const last: LastJob = { root: module.root, job, target, sampleRows, sanitize };
    await this.#options.memory.update(lastJobKey, last);
    setContextKey("nativeUdf.hasLastJob", true);
    const { submitDetached } = await import("../app.ts"); // at the first job, not at the start of the window
    const { id } = await submitDetached(module, options);
    this.findRunning();
    const run = this.#all.find((candidate) => candidate.id === id);
    if (run) return run;
    throw new UdfError("RUN_UNKNOWN", { what: "the run's folder has gone", where: id });
  }

  /** Ends a run with all its workers. Throws RUN_FAILED where its process does not answer. */
  async cancel({ module, id }: LiveRun): Promise<void> {
    await cancelRun(module, id, { signal: this.#stop.signal });
    this.findRunning();
  }

  /** Resolves when the run is over and its events have been told. */
  async untilEnded({ id }: LiveRun): Promise<RunState> {
    await this.#followed.get(id)?.ended;
    return this.#all.find((run) => run.id === id)?.state ?? "lost";
  }

  /** Asks whoever shows runs to show this one. */
  select(run: LiveRun): void {
    this.#selected.fire(run);
  }

  /** Reads the run folders of all modules again, and follows what goes on. */
  findRunning(): void {
    const { modules, log } = this.#options;
    const found: LiveRun[] = [];
    for (const { module } of modules.all) {
      this.#watch(module);
      try {
        for (const record of listRuns(module)) found.push(this.#known(module, record));
      } catch (error) {
        log.error(`The runs of ${module.name} cannot be read: ${messageOf(error)}`);
      }
    }
    this.#all = found.sort((a, b) => b.id.localeCompare(a.id));
    for (const run of this.running) this.#follow(run);
    this.#told();
  }

  /** Stops to follow; the runs go on. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#followed.values()].map(({ ended }) => ended));
  }

  dispose(): void {
    this.#stop.abort();
    this.#subscription.dispose();
    for (const watcher of this.#watched.values()) watcher.close();
    for (const emitter of [this.#changed, this.#events, this.#selected, this.#ended]) emitter.dispose();
  }

  #known(module: Module, record: ReturnType<typeof showRun>): LiveRun {
    const { id, job, target, state, seconds, sampleRows, sanitize } = record;
    const live = this.#followed.get(id)?.run;
    if (live) return Object.assign(live, { state, seconds });
    const folder = runFolder(module, id);
    return { id, module, job, target, state, seconds, sampleRows, sanitize, fraction: undefined, folder };
  }

  #follow(run: LiveRun): void {
    if (this.#followed.has(run.id)) return;
    this.#followed.set(run.id, { run, ended: this.#read(run) });
  }

  async #read(run: LiveRun): Promise<void> {
    try {
      for await (const events of followRun(run.folder, { signal: this.#stop.signal, without: "log" })) {
        for (const event of events) {
          if (event.kind !== "run.queued") continue;
          const { job, sampleRows, sanitize } = event;
          Object.assign(run, { job, sampleRows, sanitize });
        }
        run.fraction = fractionAfter(run.fraction, events);
        this.#events.fire({ run, events });
        this.#told();
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#options.log.error(`${run.id}: ${messageOf(error)}`);
    } finally {
      if (!this.#stop.signal.aborted) {
        const { state, seconds } = showRun(run.module, run.id);
        Object.assign(run, { state, seconds });
        this.#told();
        this.#ended.fire(run);
      }
    }
  }

  /** A run that another process begins makes a folder. */
  #watch(module: Module): void {
    const folder = runsFolder(module);
    if (this.#watched.has(folder)) return;
    try {
      readdirSync(folder);
      const watcher = watch(folder, () => this.findRunning());
      watcher.on("error", () => {
        watcher.close();
        this.#watched.delete(folder);
      });
      this.#watched.set(folder, watcher);
    } catch {
      // there is none before the first run; submit() looks again
    }
  }

  #told(): void {
    if (this.#stop.signal.aborted) return;
    setContextKey("nativeUdf.isRunning", this.running.length > 0);
    this.#changed.fire();
  }
}

function fractionAfter(before: number | undefined, events: readonly RunEvent[]): number | undefined {
  let fraction = before;
  for (const event of events) {
    if (event.kind === "stage.progress" && event.stage === "map") fraction = shareOf(event);
  }
  return fraction;
}
