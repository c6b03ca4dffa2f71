import { closeSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import type { RunEvent, RunEventBody } from "../core/events.ts";

export const eventsFile = "events.ndjson";

/**
 * The one place where a run's events are numbered and dated. Each is on disk as a whole line before it is seen by
 * anybody; one reader may follow them as they come.
 */
export class EventLog implements AsyncIterable<RunEvent> {
  readonly #run: string;
  readonly #file: number;
  readonly #all: RunEvent[] = [];
  #waiting: (() => void) | undefined;
  #closed = false;
  readonly #onEvent: (event: RunEvent) => void;
  #seq = 0;

  constructor(run: string, directory: string, onEvent: (event: RunEvent) => void) {
    this.#run = run;
    this.#onEvent = onEvent;
    this.#file = openSync(path.join(directory, eventsFile), "a");
  }

  emit(body: RunEventBody): void {
    if (this.#closed) throw new Error(`run ${this.#run} is over, and ${body.kind} came after its end`);
    this.#seq += 1;
    const event: RunEvent = { seq: this.#seq, time: new Date().toISOString(), run: this.#run, ...body };
    this.#write(event);
    this.#onEvent(event);
    this.#all.push(event);
    this.#waiting?.();
  }

  /** A full disk takes the line from the file, not the event from its reader: it may be the one that tells of the disk. */
  #write(event: RunEvent): void {
    try {
      writeSync(this.#file, `${JSON.stringify(event)}\n`);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#file);
    this.#waiting?.();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<RunEvent> {
    for (;;) {
      const pending = this.#all.splice(0);
      yield* pending;
      if (this.#all.length > 0) continue;
      if (this.#closed) return;
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
      this.#waiting = undefined;
    }
  }
}
