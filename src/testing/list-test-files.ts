import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Module } from "../core/module.ts";
import { isCaseFile } from "./cases/case-file.ts";

export const testFileEnding = ".test.ts";

/** The module's test files and files of cases, from its folder. */
export function listTestFiles(module: Module): string[] {
  return module.tests
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => {
      return readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(testFileEnding) || isCaseFile(file))
        .sort()
        .map((file) => path.relative(module.root, path.join(folder, file)));
    });
}
