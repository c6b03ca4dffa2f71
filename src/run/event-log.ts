import { closeSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import { type RunEvent, type RunEventBody, runEventSchema } from "../core/events.ts";
import { isDiskFull } from "./disk-full.ts";
import { LineReader } from "./line-reader.ts";

export const eventsFile = "events.ndjson";

/**
 * The one place where a run's events are numbered and dated. Each is a whole line of the file; readers follow the file,
 * so that a log of any length takes no memory and each reader sees every event from the first.
 */
export class EventLog implements AsyncIterable<RunEvent> {
  readonly #run: string;
  readonly #path: string;
  readonly #file: number;
  readonly #onEvent: (event: RunEvent) => void;
  /** Lines that a full disk has not taken yet. */
  #unwritten: Buffer = Buffer.alloc(0);
  #wake: (() => void)[] = [];
  #closed = false;
  #seq = 0;

  constructor(run: string, directory: string, onEvent: (event: RunEvent) => void) {
    this.#run = run;
    this.#onEvent = onEvent;
    this.#path = path.join(directory, eventsFile);
    this.#file = openSync(this.#path, "a");
  }

  /** Numbers, dates and writes events, in this order, at once. */
  emit(...bodies: readonly RunEventBody[]): void {
    if (this.#closed) throw new Error(`run ${this.#run} is over, and ${bodies[0]?.kind} came after its end`);
    const time = new Date().toISOString();
    const events = bodies.map((body): RunEvent => {
      this.#seq += 1;
      return { seq: this.#seq, time, run: this.#run, ...body };
    });
    this.#write(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    for (const event of events) this.#onEvent(event);
    this.#wakeReaders();
  }

  /** Ends the log; readers end when they have read it all. */
  close(): void {
    if (this.#closed) return;
    this.#write("");
    this.#closed = true;
    closeSync(this.#file);
    this.#wakeReaders();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<RunEvent> {
    const reader = new LineReader(this.#path);
    try {
      for (;;) {
        const closed = this.#closed;
        const lines = reader.next();
        for (const line of lines ?? []) yield runEventSchema.parse(JSON.parse(line));
        if (lines) continue;
        if (closed) break;
        await new Promise<void>((resolve) => this.#wake.push(resolve));
      }
      // what the disk has not taken: it may be what tells of the full disk
      const left = Buffer.concat([reader.rest, this.#unwritten]).toString("utf8").split("\n");
      for (const line of left) if (line !== "") yield runEventSchema.parse(JSON.parse(line));
    } finally {
      reader.close();
    }
  }

  /** A full disk keeps lines waiting; they are written as soon as there is room, so that the file never has half a line. */
  #write(text: string): void {
    this.#unwritten = Buffer.concat([this.#unwritten, Buffer.from(text)]);
    try {
      while (this.#unwritten.length > 0) {
        this.#unwritten = this.#unwritten.subarray(writeSync(this.#file, this.#unwritten));
      }
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
  }

  #wakeReaders(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
