import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RunEventBody } from "../../../src/core/events.ts";
import type { PanelRun } from "../../../src/panel/host/panel-host.ts";
import { EventLog } from "../../../src/run/event-log.ts";
import { processStart, type RunFolder } from "../../../src/run/run-folder.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

type Written = {
  job: string;
  state: PanelRun["state"];
  /** The folder of runs that it lies in; without it a new one. */
  runs?: string;
  /** Its process is this one, so that a reader waits for more; else it is gone, and a reader ends with the file. */
  goesOn?: boolean;
};

/** A run whose events are written by the real event log. */
export class WrittenRun {
  readonly item: PanelRun;
  readonly log: EventLog;

  constructor({ job, state, runs = temporaryFolder("panel"), goesOn = false }: Written) {
    const id = `20261121-104210-${job}-a1b2`;
    const folder = path.join(runs, id);
    mkdirSync(folder, { recursive: true });
    const owner = goesOn ? { pid: process.pid, started: processStart(process.pid) } : { pid: 0, started: "never" };
    writeFileSync(path.join(folder, "owner.json"), JSON.stringify(owner));
    const run: RunFolder = { id, path: folder, parts: "", staged: "", logs: "", temporary: "" };
    this.item = { id, job, target: "local", state, fraction: null, seconds: 1.4, folder: run };
    this.log = new EventLog(id, folder, () => undefined);
    this.log.emit({ kind: "run.queued", job, target: "local", module: "flights", pid: 1 });
  }

  line(worker: number, text: string, level: "info" | "warning" | "error" = "info"): RunEventBody {
    return { kind: "log", worker, stream: "stdout", level, text };
  }
}

/** A run with two workers, a part that failed, a diagnostic with frames, a log and no result. */
export function crashedRun(runs = temporaryFolder("panel")): WrittenRun {
  const run = new WrittenRun({ job: "by-origin", state: "failed", runs });
  const { log } = run;
  const sha256 = "0".repeat(64);
  log.emit(
    { kind: "run.started", artifact: "a.udf.so", sha256, rows: 3000, parts: 3, resumedParts: 0, workers: 2 },
    { kind: "worker.started", worker: 1, pid: 11, sha256 },
    { kind: "worker.started", worker: 2, pid: 12, sha256 },
    { kind: "part.started", part: 0, worker: 1, attempt: 1, file: "data/a.parquet", first: 0, last: 999 },
    { kind: "part.started", part: 1, worker: 2, attempt: 1, file: "data/a.parquet", first: 1000, last: 1999 },
    { kind: "part.finished", part: 0, worker: 1, outcome: "succeeded", seconds: 0.1, peakBytes: 90e6 },
    { kind: "stage.progress", stage: "map", rows: 1000, totalRows: 3000, parts: 1, totalParts: 3 },
    run.line(1, "<b>not bold</b> & \u001b[31mnot red\u001b[0m"),
    run.line(2, "right to left \u202edlrow", "warning"),
    run.line(2, "it is about to fail", "error"),
    { kind: "part.finished", part: 1, worker: 2, outcome: "failed", seconds: 0.2, peakBytes: 80e6 },
    {
      kind: "diagnostic",
      diagnostic: {
        ...{ severity: "error", origin: "crash", code: "WORKER_CRASHED" },
        message: "route(): worker 2 died of SIGSEGV",
        location: { file: "src/airports.cpp", line: 41, column: 7 },
        related: [{ message: "called from here", location: { file: "src/flight_features.cpp", line: 12 } }],
        details: "the last line\n<script>alert(1)</script>",
      },
    },
    { kind: "run.finished", outcome: "failed", seconds: 0.4, message: "it crashed" },
  );
  log.close();
  return run;
}

/** A PySpark script that waits for its session, or has begun a task on the driver. */
export function scriptOnSpark({ begun }: { begun: boolean }): WrittenRun {
  const run = new WrittenRun({ job: "cities", state: "running", goesOn: true });
  run.log.emit({ kind: "run.phase", text: "starting Spark" });
  if (!begun) return run;
  run.log.emit(
    { kind: "worker.started", worker: 0, pid: 11, sha256: "0".repeat(64) },
    { kind: "run.phase", text: "running the script" },
    { kind: "part.started", part: 0, worker: 0, attempt: 1, file: "stage 0, partition 3" },
    { kind: "stage.progress", stage: "map", rows: 0, totalRows: null, parts: 1, totalParts: 4 },
  );
  return run;
}

/** A run that went well, with a result. */
export function succeededRun(runs = temporaryFolder("panel")): WrittenRun {
  const run = new WrittenRun({ job: "by-carrier", state: "succeeded", runs });
  const columns = [
    { name: "carrier", type: "VARCHAR" },
    { name: "flights", type: "BIGINT" },
  ];
  run.log.emit(
    run.line(1, "hello"),
    {
      kind: "result",
      path: "out/by-carrier.parquet",
      rows: 14,
      columns,
      preview: [
        ["AA", "12"],
        [null, "<i>3</i>"],
      ],
    },
    { kind: "run.finished", outcome: "succeeded", seconds: 1.4 },
  );
  run.log.close();
  return run;
}
