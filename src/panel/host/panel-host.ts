import path from "node:path";
import { messageOf } from "../../core/error.ts";
import { eventsFile } from "../../run/event-log.ts";
import { followRun } from "../../run/follow.ts";
import type { RunFolder } from "../../run/run-folder.ts";
import { type FromPage, fromPageSchema, type PanelState, type RunItem, type ToPage } from "../protocol.ts";
import { LogView } from "./log-view.ts";
import { RunModel } from "./run-model.ts";

/** A run that the panel can show. */
export type PanelRun = RunItem & { folder: RunFolder };

/** What the panel asks of the one it lies in; VS Code, or a test. */
export type PanelActions = {
  cancel(run: string): void;
  rerun(run: string): void;
  open(place: { run: string; file: string; line: number; column?: number | undefined }): void;
  openResult(run: string): void;
  copy(text: string): void;
  saveLog(run: string): void;
  remember(state: PanelState): void;
  /** What went wrong that the user can do nothing about. */
  log(message: string): void;
};

type Options = {
  send(message: ToPage): void;
  runs(): readonly PanelRun[];
  actions: PanelActions;
};

/** The page is told so often at most: a frame has 16 ms, and nobody reads faster. */
const tellMilliseconds = 100;
/** How often the time of a run goes on that tells nothing. */
const tickMilliseconds = 1000;

/**
 * The panel without its page: the list of runs, and all of the selected one, read from its folder. Knows nothing of
 * VS Code.
 */
export class PanelHost {
  readonly #options: Options;
  #selected: { run: PanelRun; model: RunModel; log: LogView; stop: AbortController } | undefined;
  #isReady = false;
  #isFocusWanted = false;
  #wanted: string | null = null;
  #pending: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** A message from the page, of any shape. */
  receive(message: unknown): void {
    const parsed = fromPageSchema.safeParse(message);
    if (!parsed.success) {
      this.#options.actions.log(`The panel sent a message that is none: ${parsed.error.message}`);
      return;
    }
    this.#answer(parsed.data).catch((error: unknown) => this.#options.actions.log(messageOf(error)));
  }

  /** The runs have changed. */
  refresh(): void {
    const runs = this.#options.runs();
    const selected = this.#selected?.run.id;
    if (selected === undefined || !runs.some(({ id }) => id === selected)) {
      const first = runs.find(({ id }) => id === this.#wanted) ?? runs[0];
      if (first) this.#open(first);
      else this.#close();
    }
    this.#tellRuns();
  }

  /** Shows a run, as a click in the list does. */
  select(id: string): void {
    const run = this.#options.runs().find((candidate) => candidate.id === id);
    this.#wanted = id;
    if (run && run.id !== this.#selected?.run.id) this.#open(run);
    this.#tellRuns();
  }

  /** Has the page take the focus, when there is one. */
  focus(): void {
    this.#isFocusWanted = !this.#isReady;
    this.#send({ kind: "focus" });
  }

  dispose(): void {
    this.#close();
    clearTimeout(this.#pending);
    this.#isReady = false;
  }

  async #answer(message: FromPage): Promise<void> {
    const { actions } = this.#options;
    switch (message.kind) {
      case "ready":
        this.#isReady = true;
        this.#wanted ??= message.selected;
        this.#close();
        this.refresh();
        if (this.#isFocusWanted) this.focus();
        return;
      case "remember":
        actions.remember(message.state);
        return;
      case "select":
        this.select(message.run);
        return;
      case "cancel":
        actions.cancel(message.run);
        return;
      case "rerun":
        actions.rerun(message.run);
        return;
      case "open":
        actions.open(message);
        return;
      case "openResult":
        actions.openResult(message.run);
        return;
      case "copy":
        actions.copy(message.text);
        return;
      case "log.save":
        actions.saveLog(message.run);
        return;
      case "log.filter":
        await this.#logOf(message.run)?.setFilter(message.filter, message.by);
        return;
      case "log.window": {
        const lines = await this.#logOf(message.run)?.window(message.first, message.count);
        this.#send({ kind: "log.lines", request: message.request, first: message.first, lines: lines ?? [] });
        return;
      }
      case "log.search": {
        const found = await this.#found(message);
        this.#send({ kind: "log.found", request: message.request, ...found });
        return;
      }
    }
  }

  async #found(
    search: Extract<FromPage, { kind: "log.search" }>,
  ): Promise<{ position: number | null; failure: string | null }> {
    try {
      const position = await this.#logOf(search.run)?.search(search);
      return { position: position ?? null, failure: null };
    } catch (error) {
      return { position: null, failure: messageOf(error) };
    }
  }

  #logOf(run: string): LogView | undefined {
    return this.#selected?.run.id === run ? this.#selected.log : undefined;
  }

  #open(run: PanelRun): void {
    this.#close();
    const stop = new AbortController();
    // the folder is <module>/.native-udf/runs/<id>
    const model = new RunModel(run.id, path.resolve(run.folder.path, "..", "..", ".."));
    const log = new LogView(path.join(run.folder.path, eventsFile), (size) =>
      this.#send({ kind: "log.size", run: run.id, ...size }),
    );
    this.#selected = { run, model, log, stop };
    this.#follow({ run, model, log, stop }).catch((error: unknown) => {
      if (!stop.signal.aborted) this.#options.actions.log(`${run.id}: ${messageOf(error)}`);
    });
  }

  async #follow(shown: { run: PanelRun; model: RunModel; log: LogView; stop: AbortController }): Promise<void> {
    const { run, model, log, stop } = shown;
    const ticking = setInterval(() => {
      if (model.tick(Date.now())) this.#tellSoon();
    }, tickMilliseconds);
    try {
      for await (const events of followRun(run.folder, { signal: stop.signal, without: "log" })) {
        for (const event of events) model.add(event);
        this.#tellSoon();
        log.grow();
      }
    } finally {
      clearInterval(ticking);
    }
    await log.finish();
    this.#tellSoon();
  }

  #close(): void {
    this.#selected?.stop.abort();
    void this.#selected?.log.close();
    this.#selected = undefined;
  }

  #tellSoon(): void {
    this.#pending ??= setTimeout(() => {
      this.#pending = undefined;
      if (this.#selected) this.#send({ kind: "detail", detail: this.#selected.model.detail });
    }, tellMilliseconds);
  }

  #tellRuns(): void {
    const runs = this.#options.runs().map(({ folder: _, ...item }) => item);
    this.#send({ kind: "runs", runs, selected: this.#selected?.run.id ?? null });
  }

  #send(message: ToPage): void {
    if (this.#isReady) this.#options.send(message);
  }
}
