import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { applyEdits, type JSONPath, modify } from "jsonc-parser";
import type { Json } from "../values/notation.ts";
import type { Case, CaseFile } from "./case-file.ts";

/** What a case should say from now on: a result, or the error of its row. */
export type CaseUpdate = {
  file: string;
  each: Case;
  /** What is expected now, and what it gives. */
  message: string;
  expected: Json | undefined;
  error: string | undefined;
};

/** Writes them into their files, and nothing else in these is changed. Gives the files. */
export function updateCases(root: string, files: readonly CaseFile[], updates: readonly CaseUpdate[]): string[] {
  return files.flatMap(({ file, text }) => {
    const ofFile = updates.filter((update) => update.file === file);
    if (ofFile.length === 0) return [];
    const updated = ofFile.reduce(updatedText, text);
    const target = path.join(root, file);
    writeFileSync(`${target}.${process.pid}`, updated);
    renameSync(`${target}.${process.pid}`, target);
    return [file];
  });
}

function updatedText(text: string, { each, expected, error }: CaseUpdate): string {
  const fields = { expected, error };
  return Object.entries(fields).reduce((before, [name, value]) => {
    const place: JSONPath = [...each.place, name];
    return applyEdits(before, modify(before, place, value, { formattingOptions: { insertSpaces: true, tabSize: 2 } }));
  }, text);
}
