import path from "node:path";
import type { LineTable } from "./line-table.ts";

const sources = /\.(?:c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx|inl|ipp|tpp)$/i;

export type Place = { file: string; line: number };

/** Why nothing can stop in a file, whatever the line; undefined for one that may be in the module. */
export function refusalOf(root: string, file: string): string | undefined {
  if (!sources.test(file))
    return "Only the C++ of a function can be stopped in; this file runs outside of the debugger.";
  const relative = path.relative(root, file);
  if (relative.startsWith("..")) return `This file is not in the module ${root}, whose job is being debugged.`;
  return undefined;
}

/** Why a breakpoint did not bind when the artifact was loaded. */
export function whyUnbound({ file, line }: Place, { root, table }: { root: string; table: LineTable }): string {
  const shown = path.relative(root, file);
  const lines = table.get(shown);
  if (!lines || lines.length === 0) {
    return `${shown} is in no code of the module: it is not compiled, or nothing in it is used by a function.`;
  }
  const [before, after] = [lines.findLast((other) => other < line), lines.find((other) => other > line)];
  const near = [before, after].filter((other) => other !== undefined);
  if (lines.includes(line)) return `The debugger did not find line ${line} in the object that it loaded. Build again.`;
  return `Line ${line} has no code. The nearest ${near.length > 1 ? "lines that have" : "line that has"} some: ${near.join(" and ")}.`;
}
