import process from "node:process";
import { isErrorCode, type UdfError } from "../../core/error.ts";
import { LineSplitter } from "../line-splitter.ts";
import { errorAt } from "../traced-error.ts";
import type { BadRow } from "./bad-row.ts";
import { forkWorker } from "./fork-worker.ts";
import type { Exit, LaunchedWorker, LaunchWorker } from "./launch-worker.ts";
import { type Failure, fromWorkerSchema, type Reply, type Request, replySchemas } from "./messages.ts";
import type { RowSelection } from "./part-rows.ts";

/** The worker's process ended while it had work. */
export class WorkerDied extends Error {
  readonly exit: Exit;

  constructor(exit: Exit) {
    super(`the worker ${endOf(exit)}`);
    this.name = "WorkerDied";
    this.exit = exit;
  }
}

/** How a process ended, as far as it is known, to be said of it. */
export function endOf({ exitCode, signal }: Exit): string {
  if (signal) return `died of ${signal}`;
  return exitCode === null ? "ended" : `ended with exit code ${exitCode}`;
}

export type WorkerOptions = {
  /** A fork where it is not given. */
  launch?: LaunchWorker | undefined;
  nodePath: string;
  cwd: string;
  environment?: Readonly<Record<string, string>> | undefined;
  onLines: (stream: "stdout" | "stderr", lines: readonly string[]) => void;
};

const closeMilliseconds = 500;

type Waiting = {
  kind: Request["kind"];
  resolve: (reply: unknown) => void;
  reject: (error: unknown) => void;
  onProgress: ((fraction: number) => void) | undefined;
};

/** One worker process, and the requests that wait for it. */
export class WorkerProcess {
  /** Resolves when the process has ended and its output has been read. */
  readonly exited: Promise<Exit>;
  /** Resolves when it can be given work, or has ended without. */
  readonly ready: Promise<void>;
  #onReady: () => void = () => undefined;
  readonly #worker: LaunchedWorker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #exit: Exit | undefined;
  #peakBytes: number | null = null;
  #killed = false;
  #heardAt = 0;
  #badRows: BadRow[] = [];
  #selection: { begin: number; without: readonly number[] } | undefined;

  constructor({ launch = forkWorker, nodePath, cwd, environment, onLines }: WorkerOptions) {
    this.ready = new Promise((resolve) => {
      this.#onReady = resolve;
    });
    const splitters = { stdout: new LineSplitter(), stderr: new LineSplitter() };
    this.#worker = launch({
      ...{ nodePath, cwd, environment },
      onMessage: (message) => this.#receive(message),
      onOutput: (stream, chunk) => {
        const lines = chunk ? splitters[stream].write(chunk) : splitters[stream].end();
        if (lines.length > 0) onLines(stream, lines);
      },
    });
    this.exited = this.#worker.exited.then((exit) => {
      this.#exit = exit;
      this.#onReady();
      this.#failAll(new WorkerDied(exit));
      return exit;
    });
    // whoever waits for a reply hears of it there
    this.exited.catch((error: unknown) => {
      this.#onReady();
      this.#failAll(error);
    });
  }

  /** -1 where there is none yet. */
  get pid(): number {
    return this.#worker.pid ?? -1;
  }

  get hasEnded(): boolean {
    return this.#exit !== undefined;
  }

  /** When it last said something: a time of `performance.now()`. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** Highest resident memory that the worker has reported, in bytes. */
  get peakBytes(): number | null {
    return this.#peakBytes;
  }

  /** The rows of its part that the worker computes, as far as it has said so. */
  get selection(): RowSelection {
    return this.#selection ?? {};
  }

  /** Rows of its part that it has found to fail. */
  get badRows(): readonly BadRow[] {
    return this.#badRows;
  }

  /** Asks for one thing. Throws WorkerDied, or the UdfError that the worker answered with. */
  async request<Kind extends Request["kind"]>(
    request: Extract<Request, { kind: Kind }>,
    onProgress?: (fraction: number) => void,
  ): Promise<Reply<Kind>>;
  async request(request: Request, onProgress?: (fraction: number) => void): Promise<unknown> {
    if (this.#exit) throw new WorkerDied(this.#exit);
    const id = this.#nextId++;
    this.#badRows = [];
    this.#selection = undefined;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { kind: request.kind, resolve, reject, onProgress });
      this.#worker.send({ id, request });
    });
  }

  /** Lets an idle process end by itself, and kills it if it does not; resolves when it is gone. */
  async close(): Promise<void> {
    if (!this.hasEnded) this.#worker.send({ id: 0, request: { kind: "close" } });
    const timer = setTimeout(() => this.kill(), closeMilliseconds);
    await this.exited.catch(() => undefined); // one that could not start is told by its request
    clearTimeout(timer);
  }

  /** Ends the process and everything that it started, at once. */
  kill(): void {
    this.#killed = true;
    this.#worker.kill();
  }

  /** Lets the process write where it is, if it can: see `watch` in docs/architecture.md. */
  ask(): void {
    if (this.#exit || this.#worker.pid === undefined) return;
    try {
      process.kill(this.#worker.pid, "SIGUSR2");
    } catch {
      // it has just ended: its exit tells
    }
  }

  /** It has not ended, or would not have, by itself. */
  get wasKilled(): boolean {
    return this.#killed;
  }

  #receive(text: unknown): void {
    const message = fromWorkerSchema.parse(text);
    this.#heardAt = performance.now();
    if (message.kind === "ready") {
      this.#onReady();
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (message.kind === "selection") {
      this.#selection = message;
      return;
    }
    if (message.kind === "badRows") {
      this.#badRows.push(...message.rows);
      return;
    }
    if (message.kind === "progress") {
      waiting?.onProgress?.(message.fraction);
      return;
    }
    this.#peakBytes = Math.max(this.#peakBytes ?? 0, message.peakBytes);
    this.#waiting.delete(message.id);
    if (!waiting) return;
    if (message.kind === "failed") {
      waiting.reject(errorOf(message.failure));
      return;
    }
    const reply = replySchemas[waiting.kind].safeParse(message.reply);
    if (reply.success) waiting.resolve(reply.data);
    else waiting.reject(reply.error);
  }

  #failAll(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function errorOf({ code, trace, ...parts }: Failure): UdfError {
  return errorAt(trace, isErrorCode(code) ? code : "RUN_FAILED", parts);
}
