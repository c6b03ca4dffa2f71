import { availableParallelism } from "node:os";
import { stripVTControlCharacters } from "node:util";
import type { Diagnostic } from "../core/diagnostic.ts";
import { formatLocation } from "../core/diagnostic.ts";
import { type ErrorCode, UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";
import { runTool } from "../toolchain/run-tool.ts";
import { buildCommand } from "./cmake-cache.ts";
import { refuseFullDisk } from "./full-disk.ts";
import { keepOutput, keptOutput, printedBySteps } from "./kept-output.ts";
import { parseBuildToolOutput } from "./output/build-tool.ts";
import { parseCmakeOutput } from "./output/cmake.ts";
import { parseCompilerOutput } from "./output/compiler.ts";
import { distinct } from "./output/distinct.ts";
import { parseLinkerOutput } from "./output/linker.ts";
import { explainRegistration } from "./output/registration.ts";
import { SourcePlaces } from "./output/source-places.ts";
import { saysIdle } from "./up-to-date.ts";

/** `done` of `total` build steps. */
export type BuildProgress = { done: number; total: number; step: string };

type Options = {
  module: Module;
  folder: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: BuildProgress) => void) | undefined;
};

export type Compiled = {
  /** Of all files, also those that were up to date. */
  warnings: readonly Diagnostic[];
  /** True when nothing had to be done, as far as the build tool says so: make does not. */
  idle: boolean;
};

/** Compiles and links what has changed. Throws COMPILE_FAILED, LINK_FAILED, CONFIGURE_FAILED. */
export async function compile({ module, folder, signal, onProgress }: Options): Promise<Compiled> {
  const { exitCode, stdout, stderr } = await runTool({
    ...buildCommand(folder, availableParallelism()),
    cwd: module.root,
    env: { ...process.env, LC_ALL: "C", CLICOLOR_FORCE: "0", NINJA_STATUS: "[%f/%t] " },
    signal,
    onLine: (_stream, line) => {
      const progress = parseProgress(line);
      if (progress) onProgress?.(progress);
    },
  });
  // colours can be forced from outside, by CMAKE_COLOR_DIAGNOSTICS for example
  const output = stripVTControlCharacters(`${stdout}\n${stderr}`);
  const printed = printedBySteps(stripVTControlCharacters(stdout), stripVTControlCharacters(stderr));
  const earlier = [...keptOutput(folder, printed).values()].join("\n");
  const diagnostics = distinct([...diagnosticsIn(output, module), ...diagnosticsIn(earlier, module)]);
  keepOutput(folder, printed);
  if (exitCode === 0) {
    return { warnings: diagnostics.filter((found) => found.severity !== "error"), idle: saysIdle(stdout) };
  }
  refuseFullDisk(output, folder);
  throw failure(diagnostics, output);
}

/** The warnings of the last build of each file. */
export function keptWarnings(module: Module, folder: string): Diagnostic[] {
  const text = [...keptOutput(folder).values()].join("\n");
  return diagnosticsIn(text, module).filter(({ severity }) => severity !== "error");
}

function diagnosticsIn(output: string, module: Module): Diagnostic[] {
  const places = new SourcePlaces(module.root);
  return [
    ...parseCmakeOutput(output, places),
    ...parseCompilerOutput(output, places),
    ...explainRegistration(parseLinkerOutput(output, places)),
    ...parseBuildToolOutput(output, places),
  ];
}

/** `[3/7] Building CXX object …` (ninja) or `[ 42%] Building …` (make). */
function parseProgress(line: string): BuildProgress | undefined {
  if (line.endsWith(" Re-checking globbed directories...")) return undefined;
  const match = /^\[\s*(?:(?<done>\d+)\/(?<total>\d+)|(?<percent>\d+)%)\] (?<step>.*)$/.exec(line)?.groups;
  if (!match) return undefined;
  const step = (match.step ?? "").replace(/CMakeFiles\/\S+?\.dir\//, "");
  return match.percent === undefined
    ? { done: Number(match.done), total: Number(match.total), step }
    : { done: Number(match.percent), total: 100, step };
}

/** For tools whose form is not known: the assembler, or a program of the author's that makes a source. */
function firstComplaint(output: string): string | undefined {
  return output.split("\n").find((line) => /\berror\b|not found|fatal/i.test(line) && !line.includes("-o "));
}

function failure(diagnostics: readonly Diagnostic[], output: string): UdfError {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  const first = errors[0];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  const code: ErrorCode =
    first?.origin === "link" ? "LINK_FAILED" : first?.origin === "configure" ? "CONFIGURE_FAILED" : "COMPILE_FAILED";
  return new UdfError(code, {
    what: first ? `${first.message.replace(/\.$/, "")}${more}` : (firstComplaint(output) ?? "the build failed"),
    ...(first?.location ? { where: formatLocation(first.location) } : {}),
    next: first ? "Correct it, then build again." : "Read the build's output with --verbose.",
    details: output.trim(),
    diagnostics,
  });
}
