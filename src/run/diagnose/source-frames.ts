import { UdfError } from "../../core/error.ts";
import { runTool } from "../../toolchain/run-tool.ts";

/** A place in the sources, as the debug info has it. */
export type SourceFrame = {
  /** Demangled; empty where it is not known. */
  function: string;
  file: string;
  line: number;
};

/**
 * The places of addresses in an object, innermost first; a function that the compiler has put into its caller has one of
 * its own. Throws TOOL_MISSING, TOOL_FAILED.
 */
export async function sourceFrames(debugFile: string, addresses: readonly number[]): Promise<SourceFrame[]> {
  if (addresses.length === 0) return [];
  const { exitCode, stdout, stderr } = await runTool({
    command: "addr2line",
    args: ["-f", "-C", "-i", "-e", debugFile, ...addresses.map((address) => `0x${address.toString(16)}`)],
    env: { ...process.env, LC_ALL: "C" },
  });
  if (exitCode !== 0)
    throw new UdfError("TOOL_FAILED", { what: `addr2line failed: ${stderr.trim()}`, where: debugFile });
  return parseFrames(stdout);
}

/** Pairs of lines: the function, then `file:line`, which may have a remark behind it. `?` is what is not known. */
export function parseFrames(text: string): SourceFrame[] {
  const lines = text.split("\n");
  return lines.flatMap((name, index) => {
    if (index % 2 === 1) return [];
    const place = /^(?<file>.+):(?<line>\d+)(?: \(.*\))?$/.exec(lines[index + 1] ?? "")?.groups;
    const line = Number(place?.line);
    if (!place?.file || place.file === "??" || !(line > 0)) return [];
    return [{ function: name === "??" ? "" : name, file: place.file, line }];
  });
}
