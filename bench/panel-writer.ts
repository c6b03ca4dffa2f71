import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { EventLog } from "../src/run/event-log.ts";

/* A run's log, written by a process of its own as fast as it can: `panel-writer.ts <run folder> <lines>`. */

const [folder = "", lines = "0"] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const log = new EventLog(path.basename(folder), folder, () => undefined);
// as if its process were gone: a reader ends with the file
writeFileSync(path.join(folder, "owner.json"), JSON.stringify({ pid: 0, started: "never" }));
log.emit({ kind: "run.queued", job: "loud", target: "local", module: "bench", pid: process.pid });
const batch = 1000;
for (let first = 0; first < Number(lines); first += batch) {
  const count = Math.min(batch, Number(lines) - first);
  log.emit(
    ...Array.from({ length: count }, (_, index) => ({
      kind: "log" as const,
      worker: 1 + (index % 2),
      stream: "stdout" as const,
      level: "info" as const,
      text: `line ${first + index} of a log whose text is as long as those of real programs are`,
    })),
  );
}
log.emit({ kind: "run.finished", outcome: "succeeded", seconds: 1 });
log.close();
