/// <reference lib="dom" />
import { html, nothing, render, type TemplateResult } from "lit";
import type { Diagnostic } from "../../core/diagnostic.ts";
import { logLevels, workerName } from "../../core/events.ts";
import {
  type LogFilter,
  type PanelState,
  panelStateSchema,
  panelTabs,
  type RunDetail,
  type RunItem,
  type TimelinePart,
  type ToPage,
} from "../protocol.ts";
import { ask, savedState, saveState, send } from "./bridge.ts";
import { bytes, count, figures, seconds, stateSigns } from "./format.ts";
import { LogList } from "./log-list.ts";
import { Plot } from "./plot.ts";
import { resultTable } from "./result-table.ts";
import { timeline } from "./timeline.ts";
import { visibleText } from "./visible-text.ts";

type Tab = PanelState["tab"];

/** The panel's page: what it knows, and how that looks. Drawn anew with each message, as often as the screen is. */
export class App {
  readonly #root: HTMLElement;
  readonly #log: LogList;
  readonly #plots = {
    rate: new Plot({ label: "Rows per second", format: count }),
    memory: new Plot({ label: "Peak memory of the workers", format: bytes }),
  };
  #runs: readonly RunItem[] = [];
  #selected: string | null;
  #tab: Tab;
  #detail: RunDetail | undefined;
  #filter: LogFilter = { workers: [], levels: [], text: "" };
  #filterNumber = 0;
  #size = { lines: 0, passing: 0 };
  #follow = true;
  #search = "";
  #found = "";
  #announced = "";
  #isFocusWanted = false;
  /** What had the focus last: the document forgets it when the editor gets it. */
  #focused: HTMLElement | undefined;
  #frame = 0;

  constructor(root: HTMLElement) {
    this.#root = root;
    const state = panelStateSchema.safeParse(savedState() ?? JSON.parse(root.dataset.state ?? "null")).data;
    this.#selected = state?.selected ?? null;
    this.#tab = state?.tab ?? "timeline";
    root.addEventListener("focusin", ({ target }) => {
      if (target instanceof HTMLElement) this.#focused = target;
    });
    this.#log = new LogList((follow) => {
      this.#follow = follow;
      this.#draw();
    });
  }

  start(): void {
    this.#draw();
    send({ kind: "ready", selected: this.#selected });
  }

  receive(message: ToPage): void {
    switch (message.kind) {
      case "runs":
        this.#runs = message.runs;
        if (message.selected !== this.#selected || !this.#detail) this.#showRun(message.selected);
        break;
      case "detail":
        if (message.detail.id === this.#selected) this.#detail = message.detail;
        break;
      case "focus":
        this.#isFocusWanted = true;
        break;
      case "log.size":
        if (message.run !== this.#selected || message.filter !== this.#filterNumber) return;
        this.#size = message;
        this.#log.resize(message.passing);
        break;
      case "log.lines":
      case "log.found":
        return; // answers, which the bridge hands to whoever asked
    }
    this.#draw();
  }

  /** To where it was before, or to the run that is shown, once that is drawn. */
  #takeFocus(): void {
    const at = this.#focused?.isConnected ? this.#focused : document.getElementById(`run-${this.#selected}`);
    if (!at) return;
    this.#isFocusWanted = false;
    window.focus();
    at.focus();
  }

  #showRun(run: string | null): void {
    this.#selected = run;
    this.#detail = undefined;
    this.#size = { lines: 0, passing: 0 };
    this.#filter = { workers: [], levels: [], text: "" };
    this.#filterNumber = 0;
    this.#found = "";
    this.#log.show(run ?? "");
    this.#keep();
  }

  #keep(): void {
    const state: PanelState = { selected: this.#selected, tab: this.#tab };
    saveState(state);
    send({ kind: "remember", state });
  }

  #draw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      render(this.#page(), this.#root);
      if (this.#isFocusWanted) this.#takeFocus();
      if (this.#detail) {
        this.#plots.rate.update(this.#detail.rowsPerSecond);
        this.#plots.memory.update(this.#detail.memory);
      }
    });
  }

  #page(): TemplateResult {
    const item = this.#runs.find(({ id }) => id === this.#selected);
    return html`
      <nav class="runs" aria-label="Runs">
        ${this.#runs.length === 0 ? html`<p class="empty">No job has run yet.</p>` : nothing}
        <ul role="listbox" aria-label="Runs" @keydown=${(event: KeyboardEvent) => this.#runKeys(event)}>
          ${this.#runs.map((run) => this.#runItem(run))}
        </ul>
      </nav>
      <section class="run" aria-label="Run">${item ? this.#run(item) : nothing}</section>
      <div class="announcement" role="status">${this.#announcement(item)}</div>
    `;
  }

  #runItem(run: RunItem): TemplateResult {
    const selected = run.id === this.#selected;
    const state = run.state === "running" && run.fraction !== null ? `${Math.floor(run.fraction * 100)} %` : run.state;
    return html`<li
      id=${`run-${run.id}`}
      role="option"
      class=${run.state}
      aria-selected=${selected}
      tabindex=${selected ? 0 : -1}
      @click=${() => send({ kind: "select", run: run.id })}
    >
      <span class="sign" aria-hidden="true">${stateSigns[run.state]}</span>
      <span class="job">${run.job}</span><span class="unseen">, ${run.target}, ${state}</span>
      <span class="note">${run.state === "running" ? state : run.seconds === null ? run.state : seconds(run.seconds)}</span>
    </li>`;
  }

  #runKeys(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = this.#runs.findIndex(({ id }) => id === this.#selected);
    const next = this.#runs[at + step];
    if (!next) return;
    send({ kind: "select", run: next.id });
    document.getElementById(`run-${next.id}`)?.focus();
  }

  #run(item: RunItem): TemplateResult {
    const detail = this.#detail;
    const running = item.state === "running";
    const share = item.state === "succeeded" ? 1 : (detail?.share ?? 0);
    const problems = detail?.diagnostics.length ?? 0;
    const labels: Record<Tab, string> = {
      timeline: "Timeline",
      logs: `Logs ${count(this.#size.lines)}`,
      problems: `Problems ${problems}`,
      result: "Result",
    };
    return html`
      <header>
        <h1><span class=${`sign ${item.state}`} aria-hidden="true">${stateSigns[item.state]}</span> ${item.job}
          <small>${item.target} · ${running ? (detail?.stage ?? "") : item.state}</small></h1>
        <div class="bar" role="progressbar" aria-label="Rows" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.floor(share * 100)}>
          <div class=${item.state} style="width: ${share * 100}%"></div>
        </div>
        <span class="numbers">${detail ? figures(detail) : ""}</span>
        ${
          running
            ? html`<vscode-button secondary @click=${() => send({ kind: "cancel", run: item.id })}>Cancel</vscode-button>`
            : html`<vscode-button secondary @click=${() => send({ kind: "rerun", run: item.id })}>Re-run</vscode-button>`
        }
      </header>
      <div role="tablist" aria-label="Parts of the run" @keydown=${(event: KeyboardEvent) => this.#tabKeys(event)}>
        ${panelTabs.map(
          (tab) => html`<button
            id=${`tab-${tab}`}
            role="tab"
            aria-selected=${tab === this.#tab}
            aria-controls="tab-panel"
            tabindex=${tab === this.#tab ? 0 : -1}
            class=${tab === "problems" && problems > 0 ? "alert" : ""}
            @click=${() => this.#showTab(tab)}
          >${labels[tab]}</button>`,
        )}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby=${`tab-${this.#tab}`} class=${`tab-${this.#tab}`}>
        ${detail ? this.#tabPanel(detail, item) : nothing}
      </div>
    `;
  }

  #showTab(tab: Tab): void {
    this.#tab = tab;
    this.#keep();
    this.#draw();
  }

  #tabKeys(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = panelTabs[(panelTabs.indexOf(this.#tab) + step + panelTabs.length) % panelTabs.length] ?? "timeline";
    this.#showTab(next);
    document.getElementById(`tab-${next}`)?.focus();
  }

  #tabPanel(detail: RunDetail, item: RunItem): TemplateResult {
    switch (this.#tab) {
      case "timeline": {
        // a cluster does not tell of its workers' memory
        const hasMemory = detail.totalRows !== null || detail.memory.values.length > 0;
        return html`${item.state === "running" && detail.parts.length === 0 ? waiting(detail) : nothing}
          ${timeline(detail, (part) => this.#showPart(part))}
          <div class="plots">${this.#plots.rate.element}${hasMemory ? this.#plots.memory.element : nothing}</div>`;
      }
      case "logs":
        return this.#logs(detail, item);
      case "problems":
        return detail.diagnostics.length === 0
          ? html`<p class="empty">No problems.</p>`
          : html`<ol class="problems">${detail.diagnostics.map((diagnostic) => this.#problem(diagnostic, item))}</ol>`;
      case "result":
        return resultTable(detail, item);
    }
  }

  /** The log of the worker that had the part. */
  #showPart({ worker }: TimelinePart): void {
    this.#showTab("logs");
    this.#setFilter({ ...this.#filter, workers: [worker] });
  }

  #problem(diagnostic: Diagnostic, { id: run }: RunItem): TemplateResult {
    const { severity, message, location, related, details } = diagnostic;
    const link = (place: Diagnostic["location"], text: string) =>
      place
        ? html`<button class="link" @click=${() => send({ kind: "open", run, ...place })}>${place.file}:${place.line}</button> ${text}`
        : text;
    return html`<li class=${severity}>
      <div><span class="sign" aria-hidden="true">${severity === "error" ? "✖" : "⚠"}</span> ${link(location, visibleText(message))}</div>
      ${related.map((frame) => html`<div class="frame">${link(frame.location, visibleText(frame.message))}</div>`)}
      ${details ? html`<pre tabindex="0">${details.split("\n").map(visibleText).join("\n")}</pre>` : nothing}
    </li>`;
  }

  #logs(detail: RunDetail, { id: run }: RunItem): TemplateResult {
    const { workers, levels, text } = this.#filter;
    const chosen = (values: readonly (string | number)[]) => String(values[0] ?? "");
    return html`<div class="log-tools" role="toolbar" aria-label="Log">
        <label>Worker <select .value=${chosen(workers)} @change=${(event: Event) => this.#setFilter({ ...this.#filter, workers: numbersOf(event) })}>
          <option value="" ?selected=${workers.length === 0}>all</option>
          ${detail.workers.map((worker) => html`<option value=${worker} ?selected=${workers.includes(worker)}>${workerName(worker).replace("worker ", "")}</option>`)}
        </select></label>
        <label>Level <select @change=${(event: Event) => this.#setFilter({ ...this.#filter, levels: levelsFrom(event) })}>
          ${["all", ...logLevels].map((level) => html`<option value=${level} ?selected=${chosen(levels) === level}>${level}</option>`)}
        </select></label>
        <label>Filter <input type="text" .value=${text} @change=${(event: Event) => this.#setFilter({ ...this.#filter, text: textOf(event) })}></label>
        <label>Find <input type="search" class="find" .value=${this.#search} @keydown=${(event: KeyboardEvent) => this.#searchKeys(event, run)}></label>
        <span class="found">${this.#found}</span>
        <label><input type="checkbox" .checked=${this.#follow} @change=${(event: Event) => this.#setFollow(event)}> Follow</label>
        <vscode-button secondary @click=${() => send({ kind: "copy", text: this.#log.text })}>Copy</vscode-button>
        <vscode-button secondary @click=${() => send({ kind: "log.save", run })}>Save…</vscode-button>
        <span class="numbers">${this.#size.passing.toLocaleString("en")} of ${this.#size.lines.toLocaleString("en")} lines</span>
      </div>
      ${this.#log.element}`;
  }

  #setFollow(event: Event): void {
    this.#log.follow = event.target instanceof HTMLInputElement && event.target.checked;
  }

  #setFilter(filter: LogFilter): void {
    if (this.#selected === null) return;
    this.#filter = filter;
    this.#filterNumber += 1;
    this.#log.show(this.#selected);
    send({ kind: "log.filter", run: this.#selected, filter: this.#filterNumber, by: filter });
    this.#draw();
  }

  #searchKeys(event: KeyboardEvent, run: string): void {
    if (event.key !== "Enter") return;
    event.preventDefault();
    this.#search = textOf(event);
    void this.#find(run, event.shiftKey);
  }

  async #find(run: string, backward: boolean): Promise<void> {
    if (this.#search === "") return;
    const from = backward ? this.#log.current - 1 : this.#log.current + 1;
    const answer = from < 0 ? undefined : await ask({ kind: "log.search", run, text: this.#search, from, backward });
    const { position = null, failure = null } = answer?.kind === "log.found" ? answer : {};
    this.#found =
      failure ?? (position === null ? "not found from here on" : `line ${(position + 1).toLocaleString("en")}`);
    if (position !== null) this.#log.reveal(position);
    this.#draw();
  }

  /** Said once to whoever listens, when a run ends. */
  #announcement(item: RunItem | undefined): string {
    if (item && item.state !== "running") this.#announced = `${item.job} ${item.state}`;
    return this.#announced;
  }
}

/** Before there are parts, as while a cluster starts. */
function waiting({ stage }: RunDetail): TemplateResult {
  const text = stage === "" ? "starting" : stage;
  return html`<p class="empty">${text.charAt(0).toUpperCase()}${text.slice(1)} … What is written meanwhile is under Logs.</p>`;
}

function textOf(event: Event): string {
  const { target } = event;
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement ? target.value : "";
}

function numbersOf(event: Event): number[] {
  const value = textOf(event);
  return value === "" ? [] : [Number(value)];
}

function levelsFrom(event: Event): LogFilter["levels"] {
  const value = textOf(event);
  return logLevels.filter((level) => level === value);
}
