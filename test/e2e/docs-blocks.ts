import { readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../support/command-line.ts";

/** A fenced block of a page. */
export type Block = {
  language: string;
  text: string;
  /** Of its first line, from 1. */
  line: number;
  /** The file whose text it is: named in a comment in its first line, or in an HTML comment above it. */
  file: string | undefined;
};

const fence = /^```(\w*)\n([\s\S]*?)^```$/gm;
const fileAbove = /<!-- file: (\S+) -->\s*$/;
const fileInside = /^(?:\/\/|#) ([\w./-]+\.\w+)\n/;

/** All fenced blocks of a page of the project, in order. */
export function blocksOf(page: string): Block[] {
  const source = readFileSync(path.join(projectRoot, page), "utf8");
  return [...source.matchAll(fence)].map(({ 1: language = "", 2: text = "", index }) => {
    const before = source.slice(0, index);
    const file = fileAbove.exec(before)?.[1] ?? fileInside.exec(text)?.[1];
    return { language, text, line: before.split("\n").length + 1, file };
  });
}

/**
 * Text as it can be compared with what another run wrote: without ends of lines, and with one sign for each run id,
 * content hash, duration, rate and size.
 */
export function stable(text: string): string[] {
  return text
    .replaceAll(/\b\d{8}-\d{6}-([\w-]+)-[0-9a-f]{4}\b/g, "<run $1>")
    .replaceAll(/-[0-9a-f]{12}\b/g, "-<hash>")
    .replaceAll(/\b[\d.]+ s\b/g, "<time>")
    .replaceAll(/\b[\d.]+[kM]? rows\/s/g, "<rate>")
    .replaceAll(/\b[\d.]+ [kMG]?B\b/g, "<size>")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
}

/** The first shown line that the output does not have after the ones before it; undefined where it has all. `…` stands for any lines. */
export function missingLine(shown: string, output: string): string | undefined {
  const lines = stable(output);
  let at = 0;
  let gap = true; // what comes before the first shown line is left out
  for (const line of stable(shown)) {
    if (line.trim() === "…") {
      gap = true;
      continue;
    }
    const found = gap ? lines.indexOf(line, at) : lines[at] === line ? at : -1;
    if (found < 0) return line;
    at = found + 1;
    gap = false;
  }
  return undefined;
}

/** The output that a page shows right after a command. */
export function outputShownFor(page: string, command: string): Block {
  const blocks = blocksOf(page);
  const at = blocks.findIndex(({ language, text }) => language === "sh" && text.startsWith(command));
  const output = blocks[at + 1];
  if (at < 0 || output?.language !== "text") throw new Error(`${page} shows no output of ${command}`);
  return output;
}
