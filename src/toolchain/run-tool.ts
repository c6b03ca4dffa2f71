import { existsSync } from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";
import { messageOf, UdfError } from "../core/error.ts";
import { installHint } from "./install-hint.ts";
import { endGroup, ownGroup } from "./process-group.ts";

export type RunToolOptions = {
  /** A name that is looked up on PATH, or a path. No shell is between. */
  command: string;
  args: readonly string[];
  cwd?: string | undefined;
  /** The whole environment of the process; this process's own where it is not given. */
  env?: NodeJS.ProcessEnv | undefined;
  /** Ends the process with all that it started. */
  signal?: AbortSignal | undefined;
  /** Each line as it comes, without its end. */
  onLine?: ((stream: "stdout" | "stderr", line: string) => void) | undefined;
  /** Text for its standard input, or a stream of it, which may be written to later; empty otherwise. */
  input?: string | Readable | undefined;
};

export type ToolResult = {
  /** Null where a signal ended it. */
  exitCode: number | null;
  signalName: NodeJS.Signals | null;
  /** All that it wrote, without the last line end. */
  stdout: string;
  stderr: string;
};

/**
 * Runs another program to its end, in a process group of its own, and gives what it wrote; a non-zero exit code is a
 * result and not an error. Throws TOOL_MISSING where there is no such program, TOOL_FAILED where it cannot be started,
 * and the signal's reason (CANCELLED where that is no UdfError) once the aborted process and its children are gone.
 */
export async function runTool(options: RunToolOptions): Promise<ToolResult> {
  const { command, args, cwd, env, signal, onLine, input } = options;
  if (signal?.aborted) throw cancelled(signal, command);
  const lines = (stream: "stdout" | "stderr") =>
    function* (line: unknown) {
      onLine?.(stream, String(line));
      yield line;
    };
  const { execa } = await import("execa"); // 40 ms that no start of a command or a window waits for
  const child = execa(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env, extendEnv: false }),
    ...(input === undefined ? { stdin: "ignore" as const } : { input }),
    ...(onLine ? { stdout: lines("stdout"), stderr: lines("stderr") } : {}),
    detached: true,
    reject: false,
  });
  const { pid } = child;
  const release = pid === undefined ? () => undefined : ownGroup(pid);
  let ending: Promise<void> | undefined;
  const onAbort = () => {
    if (pid !== undefined) ending = endGroup(pid);
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  // a grandchild that stays behind would hold the pipes open for ever
  child.once("exit", () => ending ?? release());
  const result = await child;
  signal?.removeEventListener("abort", onAbort);
  await ending;
  release();
  if (signal?.aborted) throw cancelled(signal, command);
  if (pid === undefined) throw notStarted({ command, cwd, code: result.code, cause: result });
  if (result.isMaxBuffer) {
    throw new UdfError("TOOL_FAILED", { what: "the program wrote more than 100 MB", where: command, cause: result });
  }
  return {
    exitCode: result.exitCode ?? null,
    signalName: result.signal ?? null,
    stdout: result.stdout ?? "",
    stderr: result.stderr ?? "",
  };
}

function cancelled(signal: AbortSignal, command: string): UdfError {
  const reason: unknown = signal.reason;
  if (reason instanceof UdfError) return reason;
  return new UdfError("CANCELLED", { what: "cancelled", where: path.basename(command), cause: reason });
}

function notStarted(failure: {
  command: string;
  cwd: string | undefined;
  code: string | undefined;
  cause: unknown;
}): UdfError {
  const { command, cwd, code, cause } = failure;
  if (cwd !== undefined && !existsSync(cwd)) {
    return new UdfError("TOOL_FAILED", { what: `there is no folder to start ${command} in`, where: cwd, cause });
  }
  if (code === "ENOENT") {
    return new UdfError("TOOL_MISSING", {
      what: `${path.basename(command)} is not installed or not on PATH`,
      ...(path.isAbsolute(command) ? { where: command } : {}),
      next: installHint([command]),
      cause,
    });
  }
  return new UdfError("TOOL_FAILED", { what: `it cannot be started: ${messageOf(cause)}`, where: command, cause });
}
