import type { DebugAdapter } from "../toolchain/debug-adapter.ts";

/** What the debugger starts, and where it finds what belongs to it. */
export type Debuggee = {
  program: string;
  args: readonly string[];
  cwd: string;
  /** Holds `.build-id/ab/cdef….debug`, where debuggers look for the debug info of an object without. */
  symbols: string;
  /** The module's folder: sources in the debug info are relative to it, see flags.cmake of the SDK. */
  root: string;
};

/** What the debug info has in place of the module's folder: the folder of the compilation, and of the sources. */
const prefixes = ["build", "."];

/** What is set before the launch, in the debugger's own commands. */
export function settingsOf(kind: DebugAdapter["kind"], { symbols, root }: Debuggee): string[] {
  switch (kind) {
    case "lldb":
      return [
        `settings set target.debug-file-search-paths ${quoted(symbols)}`,
        `settings set target.source-map ${prefixes.map((prefix) => `${prefix} ${quoted(root)}`).join(" ")}`,
        // a step goes into the author's functions only
        'settings set target.process.thread.step-avoid-regexp "^(std|udf|__gnu_cxx)::"',
      ];
    case "gdb":
      return [
        `set debug-file-directory ${symbols}`,
        ...prefixes.map((prefix) => `set substitute-path ${prefix} ${quoted(root)}`),
        "skip -rfunction ^(std|udf|__gnu_cxx)::",
        "set print thread-events off",
        "set breakpoint pending on",
      ];
  }
}

/** The `arguments` of the adapter's launch request. */
export function launchArguments(kind: DebugAdapter["kind"], debuggee: Debuggee): Record<string, unknown> {
  const { program, args, cwd } = debuggee;
  switch (kind) {
    case "lldb":
      // a container forbids what switches the randomisation of addresses off
      return { program, args, cwd, disableASLR: false, stopOnEntry: false, initCommands: settingsOf(kind, debuggee) };
    case "gdb":
      return { program, args, cwd, stopAtBeginningOfMainSubprogram: false };
  }
}

/** As both debuggers read it. */
function quoted(path: string): string {
  return `"${path.replaceAll(/["\\]/g, "\\$&")}"`;
}
