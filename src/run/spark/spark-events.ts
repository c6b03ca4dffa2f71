import { appendFileSync } from "node:fs";
import path from "node:path";
import { messageOf } from "../../core/error.ts";
import { driverNumber } from "../../core/events.ts";
import type { Manifest } from "../../core/manifest.ts";
import type { SparkTarget } from "../../core/target.ts";
import { isDiskFull } from "../disk-full.ts";
import type { EventLog } from "../event-log.ts";
import { levelOf } from "../log-level.ts";
import { LogLimit } from "../log-limit.ts";
import type { RunFolder } from "../run-folder.ts";
import { ExecutorLogs } from "./executor-logs.ts";
import type { ExecutorFacts, FromDriver } from "./messages.ts";

type Options = {
  log: EventLog;
  logBytes: number;
  folder: RunFolder;
  target: { spark: SparkTarget };
  artifacts: readonly { manifest: Manifest; path: string }[];
};

type Stage = Extract<FromDriver, { kind: "stage" }>;

/** Spark's name of what is no executor of its own. */
const driverName = "driver";
const keptLines = 5000;
/** Spark warns at each start that a setting is deprecated, which the SQL of jobs needs and no author has set. */
const ofOwnSetting = /WARN SQLConf: The SQL config 'spark\.sql\.parser\.escapedStringLiterals' has been deprecated/;
const succeeded = "SUCCESS";
const going: ReadonlySet<string> = new Set(["RUNNING", "GET RESULT"]);

/** What Spark tells of a run, as the events that every runner gives. */
export class SparkEvents {
  readonly #options: Options;
  readonly #limit: LogLimit;
  readonly #executorLogs: ExecutorLogs;
  readonly #lastLines = new Map<string, string[]>();
  readonly #numbers = new Map<string, number>();
  readonly #stages = new Map<number, Stage>();
  readonly #tasks = new Map<number, string>();
  #isUnkept = false;

  constructor(options: Options) {
    this.#options = options;
    const { log, logBytes } = options;
    this.#limit = new LogLimit(logBytes, (diagnostic) => log.emit({ kind: "diagnostic", diagnostic }));
    this.#executorLogs = new ExecutorLogs((executor, lines) => this.#lines(executor, "stderr", lines));
  }

  /** The end of what each executor, and the driver, wrote. */
  get lastLines(): ReadonlyMap<string, readonly string[]> {
    return this.#lastLines;
  }

  get driverLog(): readonly string[] {
    return this.#lastLines.get(driverName) ?? [];
  }

  driverLines(stream: "stdout" | "stderr", lines: readonly string[]): void {
    this.#lines(
      driverName,
      stream,
      lines.filter((line) => !ofOwnSetting.test(line)),
    );
  }

  /** A script's driver computes by itself too; for a job, the process that plans it is told as the driver. */
  driverStarted(pid: number | null): void {
    const sha256 = this.#options.artifacts[0]?.manifest.sha256 ?? "";
    this.#options.log.emit({ kind: "worker.started", worker: driverNumber, pid, sha256 });
  }

  /** What goes on where Spark itself tells nothing. */
  phase(text: string): void {
    this.#options.log.emit({ kind: "run.phase", text });
  }

  /** The executors were looked at and will do. */
  started(hosts: readonly ExecutorFacts[]): void {
    const [artifact] = this.#options.artifacts;
    const kinds = hosts.map(({ host, python, pyarrow, glibc }) => {
      return `${host}: Python ${python}, pyarrow ${pyarrow ?? "missing"}, glibc ${glibc ?? "unknown"}`;
    });
    for (const kind of kinds) this.#tell(`executors on ${kind}`);
    this.#options.log.emit({
      kind: "run.started",
      artifact: artifact?.manifest.file ?? "",
      sha256: artifact?.manifest.sha256 ?? "",
      ...{ rows: null, parts: 0, resumedParts: 0, workers: Math.max(1, this.#numbers.size) },
    });
  }

  take(message: FromDriver): void {
    switch (message.kind) {
      case "session": {
        const { version, master, application, page, refused } = message;
        this.#tell(`Spark ${version} on ${master}, application ${application}${page === null ? "" : `, ${page}`}`);
        const own = refused.filter((name) => Object.hasOwn(this.#options.target.spark.settings, name));
        if (own.length > 0) this.#refused(own);
        return;
      }
      case "executor":
        this.#executor(message);
        return;
      case "stage":
        this.#stage(message);
        return;
      case "task":
        this.#task(message);
        return;
    }
  }

  /** Tells all that the executors have written by now. */
  catchUp(): Promise<void> {
    return this.#executorLogs.catchUp();
  }

  /** Reads the rest of the executors' logs. */
  close(): Promise<void> {
    return this.#executorLogs.close();
  }

  #executor({ executor, active, log: page, address, reason }: Extract<FromDriver, { kind: "executor" }>): void {
    if (executor === driverName) return;
    const worker = this.#numberOf(executor);
    const sha256 = this.#options.artifacts[0]?.manifest.sha256 ?? "";
    if (page !== null) this.#executorLogs.add(executor, page);
    if (active) {
      this.#tell(`executor ${executor} on ${address} is worker ${worker}`);
      this.#options.log.emit({ kind: "worker.started", worker, pid: null, sha256 });
      return;
    }
    this.#executorLogs.gone(executor);
    if (reason !== null) this.#tell(`executor ${executor} is gone: ${reason}`);
    const ended = { exitCode: null, signal: null, peakBytes: null };
    this.#options.log.emit({ kind: "worker.exited", worker, pid: null, ...ended });
  }

  #stage(message: Stage): void {
    this.#stages.set(message.stage, message);
    const stages = [...this.#stages.values()];
    const reading = stages.filter(({ rows }) => rows > 0);
    const of = reading.includes(message) || reading.length === 0 ? "map" : "reduce";
    const same = stages.filter((each) =>
      of === "map" ? reading.includes(each) || each === message : !reading.includes(each),
    );
    const sum = (value: (stage: Stage) => number) => same.reduce((total, stage) => total + value(stage), 0);
    this.#options.log.emit({
      kind: "stage.progress",
      stage: of,
      rows: sum(({ rows }) => rows),
      totalRows: null,
      parts: sum(({ done }) => done),
      totalParts: sum(({ tasks }) => tasks),
    });
  }

  #task(message: Extract<FromDriver, { kind: "task" }>): void {
    const { task, stage, partition, attempt, executor, status, seconds } = message;
    const { log } = this.#options;
    const known = this.#tasks.get(task);
    const worker = executor === driverName ? driverNumber : this.#numberOf(executor);
    this.#tasks.set(task, status);
    if (known === undefined) {
      log.emit({ kind: "part.started", part: task, worker, attempt, file: `stage ${stage}, partition ${partition}` });
    }
    if (going.has(status)) return;
    const outcome = status === succeeded ? "succeeded" : "failed";
    log.emit({ kind: "part.finished", part: task, worker, outcome, seconds: seconds ?? 0 });
  }

  /** 1, 2, 3 … in the order that the executors come up. */
  #numberOf(executor: string): number {
    const number = this.#numbers.get(executor) ?? this.#numbers.size + 1;
    this.#numbers.set(executor, number);
    return number;
  }

  #refused(settings: readonly string[]): void {
    const message = `The Spark Connect server has been started already, and takes no longer: ${settings.join(", ")}. Set them where the server is started.`;
    const diagnostic = { severity: "warning" as const, origin: "cluster" as const, message, related: [] };
    this.#options.log.emit({ kind: "diagnostic", diagnostic });
  }

  #tell(text: string): void {
    this.#options.log.emit({ kind: "log", worker: driverNumber, stream: "stdout", level: "info", text });
  }

  #lines(executor: string, stream: "stdout" | "stderr", written: readonly string[]): void {
    const last = this.#lastLines.get(executor) ?? [];
    last.push(...written.slice(-keptLines));
    // not at each line: the whole is copied
    this.#lastLines.set(executor, last.length > 2 * keptLines ? last.slice(-keptLines) : last);
    const lines = this.#limit.take(written);
    if (lines.length === 0) return;
    const worker = executor === driverName ? driverNumber : this.#numberOf(executor);
    this.#keep(worker, lines);
    const { log } = this.#options;
    log.emit(...lines.map((text) => ({ kind: "log" as const, worker, stream, text, level: levelOf(stream, text) })));
  }

  /** As the local runner does: a file for each worker. The events have the lines too. */
  #keep(worker: number, lines: readonly string[]): void {
    const file = path.join(this.#options.folder.logs, `worker-${worker}.log`);
    try {
      appendFileSync(file, `${lines.join("\n")}\n`);
    } catch (error) {
      if (isDiskFull(error) || this.#isUnkept) return;
      this.#isUnkept = true;
      this.#tell(`${file} cannot be written, and lines are missing in it: ${messageOf(error)}`);
    }
  }
}
