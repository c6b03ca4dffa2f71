import { readFileSync } from "node:fs";
import path from "node:path";
import { UdfError } from "../../core/error.ts";
import { textOf } from "../values/value.ts";
import type { Case, CaseFile, CaseUpdate } from "./case.ts";
import { csvCasesIn, updatedCsv } from "./csv-cases.ts";
import { jsonCasesIn } from "./json-cases.ts";
import { updatedJson } from "./json-update.ts";

/** What names of files of cases end in, each with how it is read and updated. */
const notations = {
  ".cases.json": { read: jsonCasesIn, update: updatedJson },
  ".cases.csv": { read: csvCasesIn, update: updatedCsv },
};
export const caseFileEndings = Object.keys(notations);

export function isCaseFile(file: string): boolean {
  return caseFileEndings.some((ending) => file.endsWith(ending));
}

function notationOf(file: string) {
  return file.endsWith(".csv") ? notations[".cases.csv"] : notations[".cases.json"];
}

/** The cases of a file, which is named from `root`. Throws TEST_INVALID with the line. */
export function readCaseFile(root: string, file: string): CaseFile {
  const text = textOf(readFileSync(path.join(root, file)));
  if (text !== undefined) return { file, text, cases: casesIn(text, file) };
  throw new UdfError("TEST_INVALID", { what: "it is not UTF-8", where: file, next: "Save it as UTF-8." });
}

/** Throws TEST_INVALID. */
export function casesIn(text: string, file: string): Case[] {
  return notationOf(file).read(text, file);
}

/** The text of a file with what its cases give now. */
export function updatedText({ file, text }: CaseFile, updates: readonly CaseUpdate[]): string {
  return notationOf(file).update(text, updates);
}
