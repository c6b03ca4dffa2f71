import { existsSync, readdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { UdfError } from "../core/error.ts";
import { installHint } from "./install-hint.ts";
import { acceptFrom, atLeast, type Inspection, probe } from "./probe.ts";
import { runTool } from "./run-tool.ts";
import type { Tool } from "./tools.ts";

/** A program that speaks the Debug Adapter Protocol over its standard input and output. */
export type DebugAdapter = { kind: "lldb" | "gdb"; path: string; version: string };

/** Where the protocol came to gdb, written in its Python. */
const oldestGdb = "14.1";

export const debugAdapterTool: Tool = {
  name: "debug adapter",
  purpose: "stops a job in the C++; lldb, or gdb 14 or newer",
  required: false,
  program: "lldb",
  find: (signal) => probe({ variable: "NATIVE_UDF_DEBUGGER", candidates: candidates(), inspect, signal }),
};

/**
 * The debug adapter of this machine; with `path`, which `setting` names, that one and no other. Throws TOOL_MISSING with what was tried and how to
 * get one.
 */
export async function findDebugAdapter(
  options: { path?: string | undefined; setting?: string; signal?: AbortSignal | undefined } = {},
): Promise<DebugAdapter> {
  const { path: given, setting, signal } = options;
  const { found, tried, tooOld } = given
    ? await probe({ candidates: [given], inspect, signal })
    : await debugAdapterTool.find(signal);
  if (found) return { kind: isGdb(found.path) ? "gdb" : "lldb", ...found };
  const chosen = given ?? process.env.NATIVE_UDF_DEBUGGER;
  const name = given === undefined ? "NATIVE_UDF_DEBUGGER" : setting;
  const reason = chosen ? tried[0]?.replace(/^.*?: /, "") : undefined;
  throw new UdfError("TOOL_MISSING", {
    what: chosen
      ? `this is no debug adapter that can be used${reason ? ` (${reason})` : ""}`
      : `there is no debug adapter on this machine${tooOld ? " that is new enough" : ""}`,
    ...(chosen ? { where: name ? `${name}: ${chosen}` : chosen } : {}),
    next: `${installHint([debugAdapterTool.program])}. "native-udf doctor --verbose" says where was looked.`,
    details: tried.join("\n"),
  });
}

/** The debugger of this machine that reads a terminal. Throws TOOL_MISSING. */
export async function findTerminalDebugger(options: { signal?: AbortSignal | undefined } = {}): Promise<DebugAdapter> {
  const { signal } = options;
  const { found, tried } = await probe({
    candidates: ["lldb", ...numbered("lldb"), "gdb"],
    inspect: atLeast("7"),
    signal,
  });
  if (found) return { kind: isGdb(found.path) ? "gdb" : "lldb", ...found };
  throw new UdfError("TOOL_MISSING", {
    what: "there is no debugger on this machine",
    next: `${installHint([debugAdapterTool.program])}.`,
    details: tried.join("\n"),
  });
}

/** lldb's adapter was called lldb-vscode up to LLVM 17; Debian puts LLVM's version behind the names of programs. */
function candidates(): string[] {
  return ["lldb-dap", ...numbered("lldb-dap"), "lldb-vscode", ...numbered("lldb-vscode"), "gdb"];
}

/** The programs on the PATH with LLVM's version behind this name, the newest first. */
function numbered(name: string): string[] {
  const isOne = (file: string) => file.startsWith(`${name}-`) && /^\d+$/.test(file.slice(name.length + 1));
  const found = new Set(pathFolders().flatMap(filesOf).filter(isOne));
  return [...found].sort((a, b) => llvmVersion(b) - llvmVersion(a));
}

function llvmVersion(name: string): number {
  return Number(/\d+$/.exec(name)?.[0]);
}

function pathFolders(): string[] {
  return (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // a PATH may name what is not there
  }
}

function isGdb(file: string): boolean {
  return /(?:^|-)gdb(?:-\d+)?$/.test(path.basename(file));
}

async function inspect(file: string, signal: AbortSignal | undefined): Promise<Inspection> {
  return isGdb(file) ? inspectGdb(file, signal) : inspectLldb(file, signal);
}

async function inspectGdb(file: string, signal: AbortSignal | undefined): Promise<Inspection> {
  const { stdout } = await runTool({ command: file, args: ["--version"], signal });
  const version = /^GNU gdb .*?(\d+\.\d+(?:\.\d+)*)\s*$/m.exec(stdout)?.[1];
  if (!version) return { accepted: false, tooOld: false, reason: "it does not tell its version" };
  const accepted = acceptFrom(version, oldestGdb);
  if (!accepted.accepted) return accepted;
  const { exitCode } = await runTool({
    command: file,
    args: ["-nx", "-batch", "-ex", "python import gdb.dap"],
    signal,
  });
  return exitCode === 0 ? accepted : { accepted: false, tooOld: false, reason: "it is built without Python" };
}

/** The adapter does not tell a version before LLVM 20; the debugger beside it does. */
async function inspectLldb(file: string, signal: AbortSignal | undefined): Promise<Inspection> {
  const { exitCode, stdout } = await runTool({ command: file, args: ["--help"], signal });
  if (exitCode !== 0 || !/lldb[ -](?:vscode|dap)/i.test(stdout)) {
    return { accepted: false, tooOld: false, reason: "it is no debug adapter" };
  }
  const lldb = path.join(path.dirname(realpathSync(file)), "lldb");
  const told = existsSync(lldb) ? (await runTool({ command: lldb, args: ["--version"], signal })).stdout : "";
  const version = /lldb version (\d+(?:\.\d+)*)/.exec(told)?.[1] ?? /-(\d+)$/.exec(file)?.[1];
  return { accepted: true, version: version ?? "unknown" };
}
