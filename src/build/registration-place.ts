import { readFileSync } from "node:fs";
import path from "node:path";
import type { Location } from "../core/diagnostic.ts";
import { type Module, moduleFileName } from "../core/module.ts";
import { SourcePlaces } from "./output/source-places.ts";
import { sourceFiles } from "./sources-hash.ts";

/** Where the author registers the functions: the line of UDF_MODULE, or the module's own file where no source has it. */
export function registrationPlace(module: Module): Location {
  const places = new SourcePlaces(module.root);
  for (const file of sourceFiles(module.root)) {
    if (!/\.c(?:c|pp|xx)$/.test(file) || !places.isAuthors(file)) continue;
    const lines = readFileSync(file, "utf8").split("\n");
    const index = lines.findIndex((line) => /^\s*UDF_MODULE\s*\(/.test(line));
    if (index >= 0) return { file: path.relative(module.root, file), line: index + 1 };
  }
  return { file: moduleFileName, line: 1 };
}
