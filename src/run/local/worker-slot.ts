import { appendFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { UdfError } from "../../core/error.ts";
import type { EventLog } from "../event-log.ts";
import type { RunFolder } from "../run-folder.ts";
import type { Reply, Request } from "./messages.ts";
import { WorkerProcess } from "./worker-process.ts";

type OpenRequest = Extract<Request, { kind: "open" }>;

export type SlotOptions = {
  number: number;
  nodePath: string;
  cwd: string;
  folder: RunFolder;
  log: EventLog;
  /** What each worker is opened with; the folder for temporary files is the slot's own. */
  open: Omit<OpenRequest, "kind" | "temporary">;
  /** Digest that each module's artifact must have. */
  digests: Readonly<Record<string, string>>;
};

const keptLines = 20;

/** A place for one worker at a time: a worker that has died is replaced when the next work comes. */
export class WorkerSlot {
  readonly number: number;
  readonly #options: SlotOptions;
  #worker: Promise<{ process: WorkerProcess; reply: Reply<"open"> }> | undefined;
  #process: WorkerProcess | undefined;
  #told: Promise<void> | undefined;
  #lastLines: string[] = [];
  #closed = false;

  constructor(options: SlotOptions) {
    this.number = options.number;
    this.#options = options;
  }

  /** The end of what the slot's worker wrote, for the diagnostic of a crash. */
  get lastLines(): readonly string[] {
    return this.#lastLines;
  }

  /** The worker with the artifacts loaded, and what it said of the job. Throws WorkerDied, ARTIFACT_MISMATCH, CONFIG_INVALID. */
  async open(): Promise<{ process: WorkerProcess; reply: Reply<"open"> }> {
    if (this.#closed) throw new UdfError("CANCELLED", { what: "the run is over" });
    if (this.#process?.hasEnded) this.#worker = undefined;
    this.#worker ??= this.#start();
    return this.#worker;
  }

  async request<Kind extends Request["kind"]>(
    request: Extract<Request, { kind: Kind }>,
    onProgress?: (fraction: number) => void,
  ): Promise<Reply<Kind>> {
    const { process } = await this.open();
    return process.request(request, onProgress);
  }

  /** Ends the worker with everything that it started. */
  kill(): void {
    this.#process?.kill();
  }

  /** Ends the slot for good; resolves when its process is gone. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#process?.close();
    await this.#told;
  }

  async #start(): Promise<{ process: WorkerProcess; reply: Reply<"open"> }> {
    const { nodePath, cwd, log, folder, open, digests } = this.#options;
    this.#lastLines = [];
    const process = new WorkerProcess({ nodePath, cwd, onLine: (stream, line) => this.#line(stream, line) });
    this.#process = process;
    this.#told = process.exited.then(
      ({ exitCode, signal }) => {
        const { pid, peakBytes } = process;
        log.emit({ kind: "worker.exited", worker: this.number, pid, exitCode, signal, peakBytes });
      },
      () => undefined, // a process that could not start is told by the request
    );
    const temporary = path.join(folder.temporary, `worker-${this.number}`);
    mkdirSync(temporary, { recursive: true });
    const reply = await process.request<"open">({ kind: "open", ...open, temporary });
    for (const [module, expected] of Object.entries(digests)) {
      if (reply.digests[module] === expected) continue;
      throw new UdfError("ARTIFACT_MISMATCH", {
        what: `worker ${this.number} loaded ${module} with the digest ${String(reply.digests[module]).slice(0, 12)}, and the run has ${expected.slice(0, 12)}`,
        next: 'Build the module again with "native-udf build".',
      });
    }
    const sha256 = Object.values(reply.digests)[0] ?? "";
    log.emit({ kind: "worker.started", worker: this.number, pid: process.pid, sha256 });
    return { process, reply };
  }

  #line(stream: "stdout" | "stderr", text: string): void {
    const { folder, log } = this.#options;
    this.#lastLines = [...this.#lastLines, text].slice(-keptLines);
    appendFileSync(path.join(folder.logs, `worker-${this.number}.log`), `${text}\n`);
    log.emit({ kind: "log", worker: this.number, stream, level: levelOf(stream, text), text });
  }
}

/** A line says its level itself (`error: …`, `[WARN] …`); otherwise stderr is a warning, which decides nothing. */
function levelOf(stream: "stdout" | "stderr", text: string): "debug" | "info" | "warning" | "error" {
  const word = /^\W*(debug|info|warn(?:ing)?|error|fatal)\b/i.exec(text)?.[1]?.toLowerCase();
  switch (word) {
    case "debug":
      return "debug";
    case "info":
      return "info";
    case "warn":
    case "warning":
      return "warning";
    case "error":
    case "fatal":
      return "error";
    default:
      return stream === "stderr" ? "warning" : "info";
  }
}
