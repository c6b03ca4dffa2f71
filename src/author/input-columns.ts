import { statSync } from "node:fs";
import path from "node:path";
import { UdfError } from "../core/error.ts";
import type { DataFormat } from "../core/job.ts";
import { WorkerDied, WorkerProcess } from "../run/local/worker-process.ts";
import { type Column, columnOf } from "./columns.ts";

/** A job's input, as the job file names it. */
export type InputPlace = { root: string; input: string; format: DataFormat };

export type InputColumnsOptions = {
  /** The Node that runs the process; this process's own where it is not given. */
  nodePath?: string | undefined;
  /** The process ends when nothing was asked of it for so long. */
  idleMilliseconds?: number;
};

type Described = { file: string; state: string; columns: readonly Column[] };

/** A network drive can take long; nobody waits longer than this for a list of names. */
const limitMilliseconds = 20_000;

/**
 * The columns of inputs, as DuckDB sees them. It runs in a process of its own, which loads nothing of the author's, starts
 * at the first question and ends when it is idle. A file that has not changed is looked at once.
 */
export class InputColumns {
  readonly #options: InputColumnsOptions;
  readonly #described = new Map<string, Described>();
  readonly #asked = new Map<string, Promise<readonly Column[]>>();
  #process: WorkerProcess | undefined;
  #ended: Promise<void> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #isDisposed = false;

  constructor(options: InputColumnsOptions = {}) {
    this.#options = options;
  }

  /** True while there is a process. */
  get isRunning(): boolean {
    return this.#process !== undefined && !this.#process.hasEnded;
  }

  /**
   * Names and types of an input's columns. A caller that does not wait any more aborts; the answer is kept all the same
   * for the next one. Throws INPUT_MISSING, INPUT_INVALID, and the signal's reason.
   */
  async of(place: InputPlace, signal?: AbortSignal): Promise<readonly Column[]> {
    signal?.throwIfAborted();
    const key = JSON.stringify([place.root, place.input, place.format]);
    const known = this.#described.get(key);
    if (known && stateOf(known.file) === known.state) return known.columns;
    let answer = this.#asked.get(key);
    if (!answer) {
      answer = this.#ask(key, place).finally(() => this.#asked.delete(key));
      this.#asked.set(key, answer);
    }
    return unlessAborted(answer, signal);
  }

  /** Ends the process; what waits for it fails. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    clearTimeout(this.#idle);
    this.#process?.kill();
    await this.#process?.exited.catch(() => undefined);
    await this.#ended;
  }

  async #ask(key: string, { root, input, format }: InputPlace): Promise<readonly Column[]> {
    if (this.#isDisposed) throw new UdfError("CANCELLED", { what: "the editor is being closed" });
    clearTimeout(this.#idle);
    const process = this.#running();
    const limit = setTimeout(() => process.kill(), limitMilliseconds);
    try {
      const { file, columns } = await process.request<"describe">({ kind: "describe", root, input, format });
      const described = { file, state: stateOf(file), columns: columns.map(columnOf) };
      // which files fit a pattern may change without a change of the first one
      if (path.resolve(root, input) === file) this.#described.set(key, described);
      return described.columns;
    } catch (cause) {
      if (!(cause instanceof WorkerDied)) throw cause;
      throw new UdfError("INPUT_INVALID", {
        what: `the process that looked at the columns ended with ${cause.exit.signal ?? cause.exit.exitCode}`,
        where: input,
        cause,
      });
    } finally {
      clearTimeout(limit);
      this.#endWhenIdle();
    }
  }

  #running(): WorkerProcess {
    if (!this.#process || this.#process.hasEnded) {
      const nodePath = this.#options.nodePath ?? globalThis.process.execPath;
      // nothing of the module is in it, so it need not run in its folder
      this.#process = new WorkerProcess({ nodePath, cwd: path.parse(nodePath).root, onLines: () => undefined });
    }
    return this.#process;
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idle);
    if (this.#isDisposed) return;
    this.#idle = setTimeout(() => {
      this.#ended = this.#process?.close();
      this.#process = undefined; // the next question gets a new one
    }, this.#options.idleMilliseconds ?? 60_000);
    this.#idle.unref();
  }
}

function stateOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? `${found.size} ${found.mtimeMs}` : "";
}

async function unlessAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal | undefined): Promise<Answer> {
  if (!signal) return answer;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
    answer.catch(() => undefined); // nobody may wait for it any more
  }
}
