/// <reference lib="dom" />
import { workerName } from "../../core/events.ts";
import type { LogLine } from "../protocol.ts";
import { ask } from "./bridge.ts";
import { visibleText } from "./visible-text.ts";

const rowPixels = 18;
/** A browser's elements cannot be higher than some ten million pixels; beyond it, scrolling is scaled. */
const mostPixels = 8_000_000;
const overscan = 20;
const windowLines = 200;
const windowsAtOnce = 2;

/** The lines of a log, of which only those in sight have elements. Rows are asked of the host, and kept while they are near. */
export class LogList {
  readonly element: HTMLElement;
  readonly #spacer: HTMLElement;
  readonly #rows: HTMLElement;
  #run = "";
  #size = 0;
  #version = 0;
  #lines = new Map<number, LogLine>();
  #asked = new Set<number>();
  #frame = 0;
  #current = -1;
  /** The first line that was in sight when it was drawn last. */
  #first = 0;
  #isHidden = true;
  #follow = true;
  #onFollow: (follow: boolean) => void;

  constructor(onFollow: (follow: boolean) => void) {
    this.#onFollow = onFollow;
    this.element = document.createElement("div");
    Object.assign(this.element, { className: "log", tabIndex: 0 });
    this.element.setAttribute("role", "log");
    this.element.setAttribute("aria-label", "Log lines");
    this.element.setAttribute("aria-live", "off");
    this.#spacer = document.createElement("div");
    this.#spacer.className = "log-spacer";
    this.#rows = document.createElement("div");
    this.#rows.className = "log-rows";
    // the rows stay at the top of what is in sight
    this.element.append(this.#rows, this.#spacer);
    this.element.addEventListener("scroll", () => this.#scrolled());
    this.element.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#resized()).observe(this.element);
  }

  /** Shows the log of a run, or another selection of it. */
  show(run: string): void {
    this.#run = run;
    this.#version += 1;
    this.#lines.clear();
    this.#asked.clear();
    this.#size = 0;
    this.#current = -1;
    this.#follow = true;
    this.#draw();
  }

  resize(size: number): void {
    if (size < this.#size) this.show(this.#run);
    this.#size = size;
    this.#spacer.style.height = `${Math.min(size * rowPixels, mostPixels)}px`;
    if (this.#follow) this.element.scrollTop = this.element.scrollHeight;
    this.#draw();
  }

  get current(): number {
    return this.#current;
  }

  /** Brings a line into sight and marks it. */
  reveal(position: number): void {
    this.#setFollow(false);
    this.#current = position;
    const inSight = Math.floor(this.element.clientHeight / rowPixels);
    this.#scrollTo(Math.max(0, position - Math.floor(inSight / 2)));
    this.#draw();
  }

  set follow(follow: boolean) {
    this.#setFollow(follow);
    if (follow) this.element.scrollTop = this.element.scrollHeight;
  }

  /** The text of the lines in sight that are known, or of the selection. */
  get text(): string {
    const selected = document.getSelection()?.toString() ?? "";
    if (selected !== "") return selected;
    return [...this.#rows.querySelectorAll(".log-text")].map((row) => row.textContent ?? "").join("\n");
  }

  #setFollow(follow: boolean): void {
    if (this.#follow === follow) return;
    this.#follow = follow;
    this.#onFollow(follow);
  }

  /** An element that comes into the document anew, as with another tab, begins at its top. */
  #resized(): void {
    const wasHidden = this.#isHidden;
    this.#isHidden = this.element.clientHeight === 0;
    if (this.#isHidden) return;
    if (this.#follow) this.element.scrollTop = this.element.scrollHeight;
    else if (wasHidden) this.#scrollTo(this.#first);
    this.#draw();
  }

  #scrolled(): void {
    if (this.element.clientHeight === 0) return;
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    this.#setFollow(scrollTop + clientHeight >= scrollHeight - rowPixels);
    this.#draw();
  }

  /** The first line in sight. */
  #top(): number {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    const inSight = Math.floor(clientHeight / rowPixels);
    const range = scrollHeight - clientHeight;
    if (this.#size * rowPixels <= mostPixels || range <= 0) return Math.floor(scrollTop / rowPixels);
    return Math.round((scrollTop / range) * Math.max(0, this.#size - inSight));
  }

  #scrollTo(line: number): void {
    const { clientHeight, scrollHeight } = this.element;
    if (this.#size * rowPixels <= mostPixels) this.element.scrollTop = line * rowPixels;
    else {
      const inSight = Math.floor(clientHeight / rowPixels);
      this.element.scrollTop = (line / Math.max(1, this.#size - inSight)) * (scrollHeight - clientHeight);
    }
  }

  #key(event: KeyboardEvent): void {
    const inSight = Math.max(1, Math.floor(this.element.clientHeight / rowPixels) - 1);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: inSight, PageUp: -inSight };
    const step = steps[event.key];
    if (step !== undefined) this.#scrollTo(Math.min(Math.max(0, this.#top() + step), this.#size));
    else if (event.key === "Home") this.#scrollTo(0);
    else if (event.key === "End") this.follow = true;
    else return;
    event.preventDefault();
  }

  #draw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#render();
    });
  }

  #render(): void {
    const inSight = Math.ceil(this.element.clientHeight / rowPixels);
    if (inSight === 0) return;
    const first = Math.max(0, Math.min(this.#top(), this.#size - inSight));
    const last = Math.min(this.#size, first + inSight + 1);
    this.#first = first;
    this.#fetch(Math.max(0, first - overscan), Math.min(this.#size, last + overscan));
    const rows = [];
    for (let line = first; line < last; line++) rows.push(this.#row(line));
    this.#rows.replaceChildren(...rows);
  }

  #row(number: number): HTMLElement {
    const row = document.createElement("div");
    const line = this.#lines.get(number);
    row.className = `log-row${line ? ` ${line.level}` : ""}${number === this.#current ? " current" : ""}`;
    const cell = (name: string, text: string) => {
      const span = document.createElement("span");
      span.className = name;
      span.textContent = text; // a log is data, and never HTML
      return span;
    };
    row.append(
      cell("log-time", line ? line.time.slice(11, 23) : ""),
      cell("log-worker", line ? workerName(line.worker).replace("worker ", "w") : ""),
      cell("log-level", line?.level ?? ""),
      cell("log-text", line ? visibleText(line.text) : "…"),
    );
    return row;
  }

  #fetch(first: number, last: number): void {
    for (let begin = first - (first % windowLines); begin < last; begin += windowLines) {
      // a log that grows, or is scrolled, leaves behind what was asked for: the answer's drawing asks for what is in sight then
      if (this.#asked.size >= windowsAtOnce) return;
      if (this.#asked.has(begin)) continue;
      let known = true;
      for (let line = Math.max(begin, first); line < Math.min(begin + windowLines, last); line++)
        known &&= this.#lines.has(line);
      if (!known) void this.#ask(begin);
    }
  }

  async #ask(begin: number): Promise<void> {
    const version = this.#version;
    this.#asked.add(begin);
    const answer = await ask({ kind: "log.window", run: this.#run, first: begin, count: windowLines });
    if (version !== this.#version) return;
    this.#asked.delete(begin);
    this.#draw();
    if (answer?.kind !== "log.lines") return;
    if (this.#lines.size > windowLines * 20) this.#lines.clear(); // far lines are asked for again
    for (const [index, line] of answer.lines.entries()) this.#lines.set(answer.first + index, line);
  }
}
