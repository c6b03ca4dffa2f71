import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { CaseFile, CaseUpdate } from "./case.ts";
import { updatedText } from "./case-file.ts";

/** Writes them into their files, and nothing else in these is changed. Gives the files. */
export function updateCases(root: string, files: readonly CaseFile[], updates: readonly CaseUpdate[]): string[] {
  return files.flatMap((each) => {
    const ofFile = updates.filter((update) => update.file === each.file);
    if (ofFile.length === 0) return [];
    const target = path.join(root, each.file);
    writeFileSync(`${target}.${process.pid}`, updatedText(each, ofFile));
    renameSync(`${target}.${process.pid}`, target);
    return [each.file];
  });
}
