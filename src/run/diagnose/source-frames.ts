import { UdfError } from "../../core/error.ts";
import { runTool } from "../../toolchain/run-tool.ts";

/** A place in the sources, as the debug info has it. */
export type SourceFrame = {
  /** Demangled; empty where it is not known. */
  function: string;
  /** Empty where it is not known. */
  file: string;
  /** From 1; 0 where it is not known. */
  line: number;
};

/**
 * The places of each address in an object: the innermost first, then those of the functions that the compiler has put
 * it into. Throws TOOL_MISSING, TOOL_FAILED.
 */
export async function sourceFrames(debugFile: string, addresses: readonly number[]): Promise<SourceFrame[][]> {
  if (addresses.length === 0) return [];
  const { exitCode, stdout, stderr } = await runTool({
    command: "addr2line",
    args: ["-a", "-f", "-C", "-i", "-e", debugFile, ...addresses.map((address) => `0x${address.toString(16)}`)],
    env: { ...process.env, LC_ALL: "C" },
  });
  if (exitCode !== 0)
    throw new UdfError("TOOL_FAILED", { what: `addr2line failed: ${stderr.trim()}`, where: debugFile });
  return parseFrames(stdout);
}

/** For each address a line with it, then pairs of lines: the function, and `file:line`. `?` is what is not known. */
export function parseFrames(text: string): SourceFrame[][] {
  const [, ...blocks] = text.split(/^0x[0-9a-f]+\n/m);
  return blocks.map((block) => {
    const lines = block.split("\n");
    return lines.flatMap((name, index) => {
      const place = /^(?<file>.+):(?<line>\d+|\?)(?: \(.*\))?$/.exec(lines[index + 1] ?? "")?.groups;
      if (index % 2 === 1 || !place) return [];
      return [{ function: known(name), file: known(place.file), line: Number(known(place.line)) }];
    });
  });
}

function known(text = ""): string {
  return text.startsWith("?") ? "" : text;
}
