import { acceptFrom, type Inspection } from "./probe.ts";
import { runTool } from "./run-tool.ts";

/** Oldest compilers that know all of C++20 that the SDK uses. */
export const oldestCompilers = { gcc: "11", clang: "14" } as const;

/** The standard library's own version number, which may be older than a clang beside it: `_GLIBCXX_RELEASE`. */
const oldestLibrary = 11;

/** One line of `-dM`: `#define __GNUC__ 12`. */
const macroLine = /^#define (\w+) (.*)$/gm;

/**
 * Asks a compiler by compiling: it must take -std=c++20 and have the headers of a standard library, which a bare
 * clang or a compiler without its development package has not. Its macros tell what it is.
 */
export async function inspectCompiler(path: string, signal: AbortSignal | undefined): Promise<Inspection> {
  const { exitCode, stdout, stderr } = await runTool({
    command: path,
    args: ["-std=c++20", "-dM", "-E", "-x", "c++", "-"],
    input: "#include <cstdlib>\n#include <version>\n",
    signal,
  });
  if (exitCode === 0) return judgeMacros(stdout);
  const reason = stderr.split("\n").find((line) => /error/i.test(line)) ?? `exit code ${exitCode}`;
  return { accepted: false, tooOld: /-std=c\+\+20/.test(stderr), reason: `it cannot compile C++20: ${reason.trim()}` };
}

/** What the predefined macros (`-dM` output) say: which compiler, which version, and whether it will do. */
export function judgeMacros(text: string): Inspection {
  const macros = new Map([...text.matchAll(macroLine)].map(([, name = "", value = ""]) => [name, value]));
  const version = (...names: string[]) => names.map((name) => macros.get(name) ?? "0").join(".");
  const isClang = macros.has("__clang__");
  const inspection = isClang
    ? acceptFrom(version("__clang_major__", "__clang_minor__", "__clang_patchlevel__"), oldestCompilers.clang)
    : acceptFrom(version("__GNUC__", "__GNUC_MINOR__", "__GNUC_PATCHLEVEL__"), oldestCompilers.gcc);
  const library = Number(macros.get("_GLIBCXX_RELEASE") ?? Number.NaN);
  if (inspection.accepted && library < oldestLibrary) {
    const reason = `its standard library (libstdc++ ${library}) is older than ${oldestLibrary}`;
    return { accepted: false, tooOld: true, reason };
  }
  return inspection;
}
