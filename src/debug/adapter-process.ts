import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { DebugAdapter } from "../toolchain/debug-adapter.ts";
import { nodeEnvironment } from "../toolchain/node-environment.ts";
import { endGroup, ownGroup } from "../toolchain/process-group.ts";
import { Peer, type PeerOptions } from "./peer.ts";

/** How long the adapter may take to end the program and then itself, once it was asked to. */
const endMilliseconds = 3000;

/** The debug adapter's process, in a group of its own. */
export class AdapterProcess {
  readonly peer: Peer;
  /** The last that it wrote besides messages. */
  errors = "";
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #release: () => void;
  #ending: Promise<void> | undefined;

  constructor({ kind, path }: DebugAdapter, handlers: Omit<PeerOptions, "input" | "output">) {
    const child = spawn(path, kind === "gdb" ? ["--quiet", "--nx", "--interpreter=dap"] : [], {
      // the worker gets the adapter's environment; it writes to a terminal's other end, and has no colours there
      env: nodeEnvironment({ NO_COLOR: "1" }),
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    this.#child = child;
    this.#release = child.pid === undefined ? () => undefined : ownGroup(child.pid);
    this.#ended = once(child, "exit").catch(() => undefined); // one that could not start has no output, which ends
    child.stderr.on("data", (chunk: Buffer) => {
      this.errors = `${this.errors}${chunk}`.slice(-2000);
    });
    this.peer = new Peer({ input: child.stdout, output: child.stdin, ...handlers });
  }

  /** Lets it end the program, if it has one, and itself, then ends what is left. Resolves when it is gone. */
  end({ program }: { program: boolean }): Promise<void> {
    this.#ending ??= this.#end(program);
    return this.#ending;
  }

  async #end(program: boolean): Promise<void> {
    // lldb-vscode waits for ever for the end of a program that there is not
    if (program) this.peer.request("disconnect", { terminateDebuggee: true });
    this.#child.stdin?.end();
    const timeout = new AbortController();
    const limit = delay(endMilliseconds, undefined, { signal: timeout.signal }).catch(() => undefined);
    await Promise.race([this.#ended, limit]);
    timeout.abort();
    if (this.#child.pid !== undefined && this.#child.exitCode === null) await endGroup(this.#child.pid);
    this.#release();
  }
}
