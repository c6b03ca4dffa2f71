import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isErrorCode, UdfError } from "../../core/error.ts";
import { nodeEnvironment } from "../../toolchain/node-environment.ts";
import { LineSplitter } from "./line-splitter.ts";
import { type Failure, fromWorkerSchema, type Reply, type Request, replySchemas, type ToWorker } from "./messages.ts";

export type Exit = { exitCode: number | null; signal: NodeJS.Signals | null };

/** The worker's process ended while it had work. */
export class WorkerDied extends Error {
  readonly exit: Exit;

  constructor(exit: Exit) {
    super(`the worker ended with ${exit.signal ?? `exit code ${exit.exitCode}`}`);
    this.name = "WorkerDied";
    this.exit = exit;
  }
}

export type WorkerOptions = {
  nodePath: string;
  cwd: string;
  onLine: (stream: "stdout" | "stderr", line: string) => void;
};

type Waiting = {
  kind: Request["kind"];
  resolve: (reply: unknown) => void;
  reject: (error: unknown) => void;
  onProgress: ((fraction: number) => void) | undefined;
};

/** One worker process, in a process group of its own, so that it can be ended with whatever it started. */
export class WorkerProcess {
  readonly pid: number;
  /** Resolves when the process has ended and its output has been read. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #exit: Exit | undefined;
  #peakBytes: number | null = null;

  constructor({ nodePath, cwd, onLine }: WorkerOptions) {
    this.#child = fork(workerProgram(), [], {
      execPath: nodePath,
      execArgv: [],
      cwd,
      env: nodeEnvironment(),
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      detached: true,
    });
    this.pid = this.#child.pid ?? -1;
    for (const stream of ["stdout", "stderr"] as const) {
      const lines = new LineSplitter((line) => onLine(stream, line));
      this.#child[stream]?.on("data", (chunk: Buffer) => lines.write(chunk)).on("end", () => lines.end());
    }
    this.#child.on("message", (message) => this.#receive(message));
    // 'close' comes after the last output, 'exit' before it
    this.exited = Promise.race([
      once(this.#child, "close").then(([exitCode, signal]) => ({ exitCode, signal })),
      once(this.#child, "error").then(([error]) => Promise.reject(error)),
    ]).then((exit: Exit) => this.#ended(exit));
    // whoever waits for a reply hears of it there
    this.exited.catch((error: unknown) => this.#failAll(error));
  }

  get hasEnded(): boolean {
    return this.#exit !== undefined;
  }

  /** Highest resident memory that the worker has reported, in bytes. */
  get peakBytes(): number | null {
    return this.#peakBytes;
  }

  /** Asks for one thing. Throws WorkerDied, or the UdfError that the worker answered with. */
  async request<Kind extends Request["kind"]>(
    request: Extract<Request, { kind: Kind }>,
    onProgress?: (fraction: number) => void,
  ): Promise<Reply<Kind>>;
  async request(request: Request, onProgress?: (fraction: number) => void): Promise<unknown> {
    if (this.#exit) throw new WorkerDied(this.#exit);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { kind: request.kind, resolve, reject, onProgress });
      const message: ToWorker = { id, request };
      // a send that fails means that the process is ending: `exited` rejects what waits
      this.#child.send(message, () => undefined);
    });
  }

  /** Ends the process and everything that it started, at once. */
  kill(): void {
    try {
      process.kill(-this.pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }

  #receive(text: unknown): void {
    const message = fromWorkerSchema.parse(text);
    if (message.kind === "ready") return;
    const waiting = this.#waiting.get(message.id);
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

  #ended(exit: Exit): Exit {
    this.#exit = exit;
    this.#failAll(new WorkerDied(exit));
    this.kill(); // what it started may still be there
    return exit;
  }

  #failAll(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function errorOf({ code, ...parts }: Failure): UdfError {
  return new UdfError(isErrorCode(code) ? code : "RUN_FAILED", parts);
}

/** The bundled program, beside the bundled command line; from the sources, the one that the build has made. */
function workerProgram(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const places = [path.join(here, "worker.mjs"), path.join(here, "..", "..", "..", "dist", "worker.mjs")];
  const found = places.find((place) => existsSync(place));
  if (found) return found;
  throw new UdfError("TOOL_MISSING", {
    what: "the worker's program is missing",
    where: places[0] ?? here,
    next: 'Install native-udf again (in its own sources: "npm run build").',
  });
}
