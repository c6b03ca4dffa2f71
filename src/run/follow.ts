import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import { type RunEvent, runEventSchema } from "../core/events.ts";
import { eventsFile } from "./event-log.ts";
import { LineReader } from "./line-reader.ts";
import { ownerIsAlive, type RunFolder } from "./run-folder.ts";

const pollMilliseconds = 50;
/** An event's kind stands within its first characters: seq, time and run come before it. */
const kindWithin = 256;

/**
 * The events of a run from the first on, in batches as they are written, by whatever process; ends with the run, or when
 * the process that it belongs to is gone. Events of the kind `without` are left out without being looked at: a log may
 * have a million. The caller gets control back between batches, however long the log is.
 */
export async function* followRun(
  folder: RunFolder,
  { signal, without }: { signal?: AbortSignal | undefined; without?: RunEvent["kind"] } = {},
): AsyncGenerator<readonly RunEvent[]> {
  const file = path.join(folder.path, eventsFile);
  while (!existsSync(file)) {
    if (!ownerIsAlive(folder)) return;
    await delay(pollMilliseconds, undefined, { signal });
  }
  const reader = new LineReader(file, { without: without && { text: `"kind":"${without}"`, within: kindWithin } });
  try {
    for (;;) {
      signal?.throwIfAborted();
      const alive = ownerIsAlive(folder); // asked first: what it wrote before it ended is read after
      const lines = reader.next();
      if (lines) {
        const events = lines.map((line) => runEventSchema.parse(JSON.parse(line)));
        yield events;
        if (events.some(({ kind }) => kind === "run.finished")) return;
      } else if (!alive) {
        return;
      }
      // what is there already is read without waiting, but not in one go
      await (lines ? turn(undefined, { signal }) : delay(pollMilliseconds, undefined, { signal }));
    }
  } finally {
    reader.close();
  }
}
