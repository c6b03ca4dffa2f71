import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Module } from "../core/module.ts";
import { caseFileEnding } from "./cases/case-file.ts";

export const testFileEnding = ".test.ts";

/** The module's test files and files of cases, from its folder. */
export function listTestFiles(module: Module): string[] {
  if (!existsSync(module.tests)) return [];
  return readdirSync(module.tests, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(testFileEnding) || file.endsWith(caseFileEnding))
    .sort()
    .map((file) => path.relative(module.root, path.join(module.tests, file)));
}
