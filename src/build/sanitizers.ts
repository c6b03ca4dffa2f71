import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { UdfError } from "../core/error.ts";
import type { Sanitizers } from "../core/sanitizers.ts";
import { installHint } from "../toolchain/install-hint.ts";
import { runTool } from "../toolchain/run-tool.ts";

/** Of AddressSanitizer's runtime for g++ and for clang++. */
function runtimeNames(): string[] {
  const processor = process.arch === "arm64" ? "aarch64" : "x86_64";
  return ["libasan.so", `libclang_rt.asan-${processor}.so`];
}

/**
 * The variables of a process that loads an object with these sanitizers: AddressSanitizer wants to be there before
 * anything else, and signals stay with whoever has handlers for them. Throws TOOL_MISSING where the compiler came
 * without its runtime.
 */
export async function sanitizerEnvironment(compiler: string, sanitizers: Sanitizers): Promise<Record<string, string>> {
  const signals = ["segv", "sigbus", "sigill", "sigfpe", "abort"].map((signal) => `handle_${signal}=0`);
  const common = ["symbolize=0", "color=never", ...signals].join(":");
  const environment = { ASAN_OPTIONS: `detect_leaks=0:${common}`, UBSAN_OPTIONS: common };
  if (sanitizers === "undefined") return environment;
  const libraries = [await libraryOf(compiler, runtimeNames()), await libraryOf(compiler, ["libstdc++.so"])];
  const [runtime] = libraries;
  if (runtime === undefined) {
    throw new UdfError("TOOL_MISSING", {
      what: `${path.basename(compiler)} has no AddressSanitizer runtime on this machine (${runtimeNames().join(", ")})`,
      where: compiler,
      next: `${installHint(["g++"])}, or leave "address" out.`,
    });
  }
  return { ...environment, LD_PRELOAD: libraries.filter((library) => library !== undefined).join(":") };
}

/** The compiler prints a bare name for what it does not have. */
async function libraryOf(compiler: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const { stdout } = await runTool({ command: compiler, args: [`-print-file-name=${name}`] });
    const file = stdout.trim();
    if (path.isAbsolute(file) && existsSync(file)) return realpathSync(file);
  }
  return undefined;
}
