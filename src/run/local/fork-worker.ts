import { type ChildProcess, fork } from "node:child_process";
import { finished } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { nodeEnvironment } from "../../toolchain/node-environment.ts";
import { type Exit, type LaunchedWorker, type LaunchOptions, workerProgram } from "./launch-worker.ts";
import type { ToWorker } from "./messages.ts";

/** How long the output of a process that has ended may still be read: a process that left its group can hold it open. */
const drainMilliseconds = 500;

/** Starts a worker in a process group of its own, so that it can be ended with whatever it started. */
export function forkWorker(options: LaunchOptions): LaunchedWorker {
  return new ForkedWorker(options);
}

class ForkedWorker implements LaunchedWorker {
  readonly pid: number | undefined;
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  #hasEnded = false;

  constructor({ nodePath, cwd, environment = {}, onMessage, onOutput }: LaunchOptions) {
    this.#child = fork(workerProgram(), [String(process.pid)], {
      execPath: nodePath,
      execArgv: [],
      cwd,
      env: nodeEnvironment(environment),
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      detached: true,
    });
    this.pid = this.#child.pid;
    for (const stream of ["stdout", "stderr"] as const) {
      this.#child[stream]
        ?.on("data", (chunk: Buffer) => onOutput(stream, chunk))
        .on("end", () => onOutput(stream, undefined));
    }
    this.#child.on("message", onMessage);
    this.exited = this.#untilExit();
  }

  send(message: ToWorker): void {
    // a send that fails means that the process is ending: `exited` tells
    this.#child.send(message, () => undefined);
  }

  kill(): void {
    if (this.#hasEnded || this.pid === undefined) return; // its number may be another group's by now
    try {
      process.kill(-this.pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }

  async #untilExit(): Promise<Exit> {
    const [exitCode, signal] = await exitOf(this.#child);
    this.kill(); // what it started may still be there, and holds its output open
    const outputs = [this.#child.stdout, this.#child.stderr].filter((stream) => stream !== null);
    // not the event 'close': it never comes where we have closed the channel for messages ourselves
    const read = Promise.all(outputs.map((stream) => finished(stream).catch(() => undefined)));
    await Promise.race([read, delay(drainMilliseconds, undefined, { ref: false })]);
    this.#hasEnded = true;
    return { exitCode, signal };
  }
}

function exitOf(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("exit", (exitCode, signal) => resolve([exitCode, signal]));
  });
}
