import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { UdfError } from "../../core/error.ts";
import type { ToWorker } from "./messages.ts";

/*
 * How a worker's process comes to be. A run forks it; a debug session has the debugger start it.
 */

export type Exit = { exitCode: number | null; signal: NodeJS.Signals | null };

export type WorkerOutput = "stdout" | "stderr";

export type LaunchOptions = {
  nodePath: string;
  cwd: string;
  /** Variables besides those that every worker has. */
  environment?: Readonly<Record<string, string>> | undefined;
  onMessage: (message: unknown) => void;
  /** What it writes, in pieces of any length. */
  onOutput: (stream: WorkerOutput, text: Buffer | undefined) => void;
};

/** A worker's process that has been started, or will be at once. */
export type LaunchedWorker = {
  /** Undefined until it is known. */
  readonly pid: number | undefined;
  /** Resolves when the process has ended and its output has been read. Rejects where it could not be started. */
  readonly exited: Promise<Exit>;
  /** A message that cannot be delivered is told by the exit. */
  send(message: ToWorker): void;
  /** Ends the process with everything that it started, at once. */
  kill(): void;
};

export type LaunchWorker = (options: LaunchOptions) => LaunchedWorker;

/** The bundled program, beside the bundled command line; from the sources, the one that the build has made. */
export function workerProgram(): string {
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
