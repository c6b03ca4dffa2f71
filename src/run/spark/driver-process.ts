import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { UdfError } from "../../core/error.ts";
import { endGroup, ownGroup } from "../../toolchain/process-group.ts";
import { LineSplitter } from "../line-splitter.ts";
import { type FromDriver, fromDriverSchema, type ToDriver } from "./messages.ts";

export type DriverExit = { exitCode: number | null; signal: NodeJS.Signals | null };

export type DriverOptions = {
  command: string;
  args: readonly string[];
  cwd: string;
  environment: Readonly<Record<string, string>>;
  onMessage: (message: FromDriver) => void;
  onLines: (stream: "stdout" | "stderr", lines: readonly string[]) => void;
};

/** How long the output of a process that has ended may still be read. */
const drainMilliseconds = 500;

/**
 * The process that drives a run on Spark, in a group of its own. It connects back to this one, on this machine and with
 * a token that only it has, as spark-submit hands neither pipes nor file descriptors on. When this process goes, the
 * connection ends, and the driver ends the cluster's work by itself.
 */
export class DriverProcess {
  readonly #child: ChildProcess;
  readonly #server: Server;
  readonly #options: DriverOptions;
  readonly #token: string;
  readonly exited: Promise<DriverExit>;
  #socket: Socket | undefined;
  #waiting: ToDriver[] = [];

  static async start(options: DriverOptions): Promise<DriverProcess> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(0, "127.0.0.1", resolve);
    });
    return new DriverProcess(server, options);
  }

  private constructor(server: Server, options: DriverOptions) {
    this.#server = server;
    this.#options = options;
    this.#token = randomBytes(16).toString("hex");
    server.on("connection", (socket) => this.#connected(socket));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    this.#child = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: { ...options.environment, NATIVE_UDF_DRIVER: `${port}:${this.#token}` },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.exited = this.#untilExit();
  }

  /** Null where it could not be started. */
  get pid(): number | null {
    return this.#child.pid ?? null;
  }

  send(message: ToDriver): void {
    if (this.#socket) this.#socket.write(`${JSON.stringify(message)}\n`);
    else this.#waiting.push(message);
  }

  /** Ends the process with everything that it started. */
  async end(): Promise<void> {
    if (this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null) {
      await endGroup(this.#child.pid);
    }
    await this.exited.catch(() => undefined);
  }

  #connected(socket: Socket): void {
    const lines = new LineSplitter(longestMessage);
    let isDriver = false;
    socket.on("error", () => undefined); // the close follows
    const take = (line: string) => {
      const message = fromDriverSchema.parse(JSON.parse(line));
      if (message.kind === "hello") {
        isDriver = message.token === this.#token && this.#socket === undefined;
        if (!isDriver) socket.destroy();
        else this.#accept(socket);
      } else if (isDriver) this.#options.onMessage(message);
    };
    socket.on("data", (chunk: Buffer) => {
      for (const line of lines.write(chunk)) {
        try {
          take(line);
        } catch (error) {
          // somebody else's, or a driver of another version: the run's end tells
          this.#options.onLines("stderr", [`a message of the driver is not understood: ${String(error)}`]);
        }
      }
    });
  }

  #accept(socket: Socket): void {
    this.#socket = socket;
    for (const message of this.#waiting) this.send(message);
    this.#waiting = [];
  }

  async #untilExit(): Promise<DriverExit> {
    const child = this.#child;
    const release = child.pid === undefined ? () => undefined : ownGroup(child.pid);
    const ended = (["stdout", "stderr"] as const).map((stream) => this.#readOutput(stream));
    try {
      const exit = await new Promise<DriverExit>((resolve, reject) => {
        child.once("error", reject).once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
      });
      await Promise.race([Promise.all(ended), delay(drainMilliseconds, undefined, { ref: false })]);
      return exit;
    } catch (cause) {
      throw new UdfError("TOOL_FAILED", {
        what: "the driver could not be started",
        where: this.#options.command,
        next: 'See "native-udf doctor".',
        cause,
      });
    } finally {
      release();
      this.#socket?.destroy();
      this.#server.close();
    }
  }

  #readOutput(stream: "stdout" | "stderr"): Promise<void> {
    const lines = new LineSplitter();
    const tell = (each: readonly string[]) => {
      if (each.length > 0) this.#options.onLines(stream, each);
    };
    return new Promise((resolve) => {
      this.#child[stream]
        ?.on("data", (chunk: Buffer) => tell(lines.write(chunk)))
        .on("end", () => {
          tell(lines.end());
          resolve();
        });
    });
  }
}

/** A failure's text with many causes in it is long. */
const longestMessage = 64 * 1024 * 1024;
