import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { nodeEnvironment } from "../../src/toolchain/node-environment.ts";
import { endGroup, ownGroup } from "../../src/toolchain/process-group.ts";

type DaemonOptions = { command: string; args: readonly string[]; env: Readonly<Record<string, string>> };

/** A program that runs until it is stopped, in a process group of its own. */
export class Daemon {
  readonly #child: ChildProcess;
  readonly #release: () => void;
  readonly #lines: string[] = [];
  #waiting: { pattern: RegExp; found: (match: RegExpExecArray) => void } | undefined;

  constructor({ command, args, env }: DaemonOptions) {
    this.#child = spawn(command, args, {
      env: { ...nodeEnvironment(), ...env },
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    this.#child.stdin?.on("error", () => undefined); // most never read it
    this.#release = ownGroup(this.pid);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (line) => this.#line(line));
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The first line that fits. Throws what it wrote where it ends before. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      this.#waiting = { pattern, found: resolve };
      this.#child.once("error", reject);
      this.#child.once("exit", () => reject(new Error(`it ended:\n${this.#lines.join("\n")}`)));
      for (const line of this.#lines) this.#look(line);
    });
  }

  async stop(): Promise<void> {
    if (this.#lives) {
      const exited = once(this.#child, "exit");
      await endGroup(this.pid);
      await exited;
    }
    this.#release();
  }

  /** Of a program that ends in its own time when its input ends. */
  async stopByInput(): Promise<void> {
    if (this.#lives) {
      const exited = once(this.#child, "exit");
      this.#child.stdin?.end();
      await exited;
    }
    this.#release();
  }

  get #lives(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #line(line: string): void {
    this.#lines.push(line);
    this.#look(line);
  }

  #look(line: string): void {
    const match = this.#waiting?.pattern.exec(line);
    if (!match) return;
    this.#waiting?.found(match);
    this.#waiting = undefined;
  }
}
