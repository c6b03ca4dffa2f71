import { spawn } from "node:child_process";
import { UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";
import { findJob } from "../run/job-files.ts";
import { type LaunchOptions, workerProgram } from "../run/local/launch-worker.ts";
import { connectOption } from "../run/local/parent-channel.ts";
import type { RunSummary } from "../run/submit.ts";
import { type DebugAdapter, findTerminalDebugger } from "../toolchain/debug-adapter.ts";
import { nodeEnvironment } from "../toolchain/node-environment.ts";
import { buildForDebugging, submitDebugged } from "./debug-build.ts";
import { DebuggedWorker } from "./debugged-worker.ts";
import { type Debuggee, settingsOf } from "./debuggee.ts";
import { SessionFolder } from "./session-folder.ts";

export type TerminalOptions = {
  job: string;
  sampleRows?: number | undefined;
  signal: AbortSignal;
  onBuild: (step: string) => void;
  /** The debugger comes now, and has the terminal until it ends. */
  onReady: (debuggerPath: string) => void;
};

/**
 * Runs a job with its worker under the debugger that reads this terminal: the user sets breakpoints and types `run`. The
 * run ends with the worker, or when the debugger is left. Throws TOOL_MISSING, JOB_UNKNOWN, and what a build throws.
 */
export async function debugInTerminal(module: Module, options: TerminalOptions): Promise<RunSummary> {
  const { job, sampleRows, signal, onBuild, onReady } = options;
  findJob(module, job);
  const found = await findTerminalDebugger({ signal });
  const built = await buildForDebugging(module, {
    signal,
    onProgress: ({ done, total, step }) => onBuild(`[${done}/${total}] ${step}`),
  });
  const folder = new SessionFolder();
  folder.addSymbols(built);
  const left = new AbortController();
  let atPrompt: Promise<void> | undefined;
  const launch = ({ onMessage, onOutput, nodePath, cwd }: LaunchOptions) => {
    const worker = new DebuggedWorker({
      ...{ onMessage, onOutput },
      socket: folder.socket,
      onKill: () => worker.end({ exitCode: null, signal: "SIGKILL" }),
      onLeft: () => worker.end({ exitCode: null, signal: null }),
    });
    const debuggee = {
      ...{ program: nodePath, args: [workerProgram(), connectOption, folder.socket], cwd },
      ...{ symbols: folder.path, root: module.root },
    };
    atPrompt = worker.listening
      .then(() => {
        onReady(found.path);
        return untilLeft(found, debuggee);
      })
      .then(() => left.abort(new UdfError("CANCELLED", { what: "the debugger was left" })))
      .catch((error: unknown) => worker.fail(error));
    return worker;
  };
  try {
    // not the signal of the command: Ctrl-C is the debugger's
    const run = submitDebugged(built, { job, sampleRows, launch, signal: left.signal });
    const summary = await run.finished;
    await atPrompt;
    return summary;
  } finally {
    folder.remove();
  }
}

function untilLeft({ kind, path }: DebugAdapter, debuggee: Debuggee): Promise<void> {
  const child = spawn(path, argumentsOf(kind, debuggee), {
    ...{ stdio: "inherit", cwd: debuggee.cwd, env: nodeEnvironment() },
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("exit", () => resolve());
  });
}

function argumentsOf(kind: DebugAdapter["kind"], debuggee: Debuggee): string[] {
  const settings = settingsOf(kind, debuggee);
  const program = [debuggee.program, ...debuggee.args];
  switch (kind) {
    case "lldb":
      // before the target is there: it looks for debug info where it was told to at first
      return [...settings.flatMap((setting) => ["-O", setting]), "--", ...program];
    case "gdb":
      return ["--quiet", ...settings.flatMap((setting) => ["-ex", setting]), "--args", ...program];
  }
}
