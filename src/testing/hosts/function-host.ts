import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { UdfError } from "../../core/error.ts";
import { type CrashPlace, readCrashFile } from "../../run/local/crash-file.ts";
import { endGroup, ownGroup } from "../../toolchain/process-group.ts";
import { type Answer, answerSchema, type Opening, type Request } from "./protocol.ts";

/** What came of a request: an answer, or the end of the process that computed it. */
export type Outcome = Answer | { died: { how: string; place: CrashPlace | undefined } };

export type HostOptions = {
  /** "Node" or "Python". */
  door: string;
  command: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  opening: Omit<Opening, "crashes">;
  /** An existing folder, or one that is made, for the crash file. */
  folder: string;
  /** How long one request may take. */
  limitSeconds: number;
  /** What the functions print. */
  onOutput?: ((line: string) => void) | undefined;
  signal?: AbortSignal | undefined;
};

type Waiting = { line: string; resolve: (outcome: Outcome) => void; reject: (error: unknown) => void };

/** What a process may allocate: a function that asks for more is told so by its allocation, and the machine stays whole. */
const memoryKilobytes = 4_000_000;
/** Time for a process that does not answer to write where it is. */
const askMilliseconds = 500;

/**
 * A process that calls an artifact's functions, one request after the other. One that dies answers the request that it
 * was at with `died`, and another process takes the next.
 */
export class FunctionHost {
  readonly #options: HostOptions;
  readonly #crashes: string;
  readonly #waiting: Waiting[] = [];
  readonly #onAbort = () => void this.close();
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #isReady = false;
  #closed = false;
  #tookTooLong = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#crashes = path.join(options.folder, `${options.door}.crashes`);
    mkdirSync(options.folder, { recursive: true });
    options.signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Throws ARTIFACT_MISMATCH where the artifact cannot be loaded, CONFIG_INVALID, TOOL_FAILED, CANCELLED. */
  ask(request: Request): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(this.#cancelled());
      const waiting = { line: JSON.stringify(request), resolve, reject };
      this.#waiting.push(waiting);
      if (this.#child) this.#send(waiting.line);
      else this.#start();
    });
  }

  /** Ends the process; what was not answered is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    const pid = this.#child?.pid;
    if (pid !== undefined) await endGroup(pid);
    await this.#ended;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#cancelled());
  }

  #cancelled(): UdfError {
    const reason: unknown = this.#options.signal?.reason;
    return reason instanceof UdfError ? reason : new UdfError("CANCELLED", { what: "the tests were cancelled" });
  }

  #start(): void {
    const { command, args, cwd, env, onOutput, opening } = this.#options;
    const limited = ["-c", `ulimit -d ${memoryKilobytes}; exec "$@"`, "sh", command, ...args];
    rmSync(this.#crashes, { force: true });
    const child = spawn("/bin/sh", limited, { cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe", "pipe"] });
    this.#child = child;
    this.#isReady = false;
    this.#tookTooLong = false;
    const release = child.pid === undefined ? () => undefined : ownGroup(child.pid);
    const answers = child.stdio[3];
    const lines = isReadable(answers) ? createInterface({ input: answers }) : undefined;
    const read = new Promise<void>((resolve) => {
      if (!lines) return resolve();
      lines.on("line", (line) => this.#answered(line)).on("close", resolve);
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (line) => onOutput?.(line));
    }
    child.stdin?.on("error", () => undefined); // it has ended: its exit tells
    this.#ended = new Promise((resolve) => {
      child.once("error", (cause) => {
        this.#rejectAll(new UdfError("TOOL_FAILED", { what: cause.message, where: command, cause }));
        resolve();
      });
      child.once("exit", (exitCode, signal) => {
        release();
        clearTimeout(this.#timer);
        void read.then(() => {
          this.#child = undefined;
          this.#died(signal ? `died of ${signal}` : `ended with exit code ${exitCode}`);
          resolve();
        });
      });
    });
    this.#send(JSON.stringify({ ...opening, crashes: this.#crashes } satisfies Opening));
    for (const { line } of this.#waiting) this.#send(line);
    this.#limit();
  }

  #send(line: string): void {
    this.#child?.stdin?.write(`${line}\n`);
    if (this.#timer === undefined) this.#limit();
  }

  #limit(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pid = this.#child?.pid;
    if (pid === undefined || this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#tookTooLong = true;
      this.#child?.kill("SIGUSR2"); // the artifact writes where it is
      this.#timer = setTimeout(() => void endGroup(pid), askMilliseconds);
    }, this.#options.limitSeconds * 1000);
  }

  #answered(line: string): void {
    const answer = answerSchema.parse(JSON.parse(line));
    if (!this.#isReady) {
      if ("error" in answer) this.#refused(answer.error);
      else this.#isReady = true;
    } else this.#waiting.shift()?.resolve(answer);
    this.#limit();
  }

  #refused({ code, message }: { code: string; message: string }): void {
    const { opening, door } = this.#options;
    const isConfig = code === "UDF_CONFIG_ERROR";
    this.#rejectAll(
      new UdfError(isConfig ? "CONFIG_INVALID" : "ARTIFACT_MISMATCH", {
        what: `the ${door} door does not open: ${message}`,
        where: opening.artifact,
        next: isConfig ? "Correct the file." : 'Build the module again with "native-udf build".',
      }),
    );
    if (this.#child?.pid !== undefined) void endGroup(this.#child.pid);
  }

  #died(how: string): void {
    if (this.#closed || this.#waiting.length === 0) return;
    const place = readCrashFile(this.#crashes);
    const ended = this.#tookTooLong ? `did not return within ${this.#options.limitSeconds} s` : how;
    if (this.#isReady) this.#waiting.shift()?.resolve({ died: { how: ended, place } });
    else
      this.#rejectAll(
        new UdfError("ARTIFACT_MISMATCH", {
          what: `the ${this.#options.door} door does not open: its process ${ended}`,
          where: this.#options.opening.artifact,
          next: "Look at what runs at load time in the module (registration, global objects).",
        }),
      );
    if (this.#waiting.length > 0) this.#start();
  }

  #rejectAll(error: UdfError): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

/** Also of a stream that can be written to: a pipe between processes is one. */
function isReadable(stream: unknown): stream is Readable {
  return typeof stream === "object" && stream !== null && "read" in stream;
}
