import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { finished } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
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
  onLines: (stream: "stdout" | "stderr", lines: readonly string[]) => void;
};

const closeMilliseconds = 500;
/** How long the output of a process that has ended may still be read: a process that left its group can hold it open. */
const drainMilliseconds = 500;

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
  #killed = false;

  constructor({ nodePath, cwd, onLines }: WorkerOptions) {
    this.#child = fork(workerProgram(), [String(process.pid)], {
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
      const splitter = new LineSplitter();
      const told = (lines: readonly string[]) => (lines.length > 0 ? onLines(stream, lines) : undefined);
      this.#child[stream]
        ?.on("data", (chunk: Buffer) => told(splitter.write(chunk)))
        .on("end", () => told(splitter.end()));
    }
    this.#child.on("message", (message) => this.#receive(message));
    this.exited = this.#untilExit();
    // whoever waits for a reply hears of it there
    this.exited.catch((error: unknown) => this.#failAll(error));
  }

  async #untilExit(): Promise<Exit> {
    const [exitCode, signal] = await exitOf(this.#child);
    this.#killGroup(); // what it started may still be there, and holds its output open
    const outputs = [this.#child.stdout, this.#child.stderr].filter((stream) => stream !== null);
    // not the event 'close': it never comes where we have closed the channel for messages ourselves
    const read = Promise.all(outputs.map((stream) => finished(stream).catch(() => undefined)));
    await Promise.race([read, delay(drainMilliseconds, undefined, { ref: false })]);
    this.#exit = { exitCode, signal };
    this.#failAll(new WorkerDied(this.#exit));
    return this.#exit;
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

  /** Lets an idle process end by itself, and kills it if it does not; resolves when it is gone. */
  async close(): Promise<void> {
    if (!this.hasEnded) this.#child.send({ id: 0, request: { kind: "close" } } satisfies ToWorker, () => undefined);
    const timer = setTimeout(() => this.kill(), closeMilliseconds);
    await this.exited.catch(() => undefined); // one that could not start is told by its request
    clearTimeout(timer);
  }

  /** Ends the process and everything that it started, at once. */
  kill(): void {
    this.#killed = true;
    this.#killGroup();
  }

  /** It has not ended, or would not have, by itself. */
  get wasKilled(): boolean {
    return this.#killed;
  }

  #killGroup(): void {
    if (this.#exit) return; // its number may be another group's by now
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

  #failAll(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function exitOf(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("exit", (exitCode, signal) => resolve([exitCode, signal]));
  });
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
