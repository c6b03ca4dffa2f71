import path from "node:path";
import { runTool } from "../toolchain/run-tool.ts";

/** Lines that have code, in order, by source file relative to the module. */
export type LineTable = ReadonlyMap<string, readonly number[]>;

/** Reads which lines have code out of an object's debug info. Throws TOOL_MISSING where there is no readelf. */
export async function readLineTable(debugFile: string, signal?: AbortSignal): Promise<LineTable> {
  const args = ["--wide", "--debug-dump=decodedline", debugFile];
  const { stdout } = await runTool({ command: "readelf", args, env: { ...process.env, LC_ALL: "C" }, signal });
  return parseLineTable(stdout);
}

/**
 * A head names the file (`CU: ./src/route.cpp:` for the first of a unit, `./src/route.h:` for the others); below it are
 * rows of the file's last name, line and address. A file's rows come in any number of pieces. The head of a unit may
 * be above rows of another file, a header's, whose folder is not told: those are left out.
 */
export function parseLineTable(text: string): LineTable {
  const lines = new Map<string, Set<number>>();
  let current: { name: string; numbers: Set<number> } | undefined;
  for (const row of text.split("\n")) {
    const head = /^(?:CU: )?(\S.*):$/.exec(row)?.[1];
    if (head !== undefined) {
      const file = path.normalize(head);
      const numbers = lines.get(file) ?? new Set();
      current = { name: path.basename(file), numbers };
      lines.set(file, numbers);
      continue;
    }
    const [, name, line] = /^(\S.*?) +(\d+) +(?:0x[0-9a-f]+|0)\b/.exec(row) ?? [];
    if (line !== undefined && line !== "0" && name === current?.name) current?.numbers.add(Number(line));
  }
  const found = [...lines].filter(([, numbers]) => numbers.size > 0);
  return new Map(found.map(([file, numbers]) => [file, [...numbers].sort((a, b) => a - b)]));
}
