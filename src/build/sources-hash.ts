import { createHash } from "node:crypto";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import type { Module } from "../core/module.ts";
import type { BuildMode } from "./build-folder.ts";

const sourceFile =
  /(?:\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|inl|ipp|tpp|tcc|inc|s|S|a|o|cmake|map|in)|^CMakeLists\.txt|^CMakePresets\.json|^package\.json)$/;
const skippedFolders = new Set(["node_modules", "build", "artifacts", "stubs", "data", "out"]);

/** Absolute paths of all that a build reads in the module's folder, sorted. */
export function sourceFiles(root: string): string[] {
  const found: string[] = [];
  const visited = new Set<string>(); // a link can lead back to where it lies
  const visit = (folder: string) => {
    const real = realpathSync(folder);
    if (visited.has(real)) return;
    visited.add(real);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const full = path.join(folder, entry.name);
      const kind = entry.isSymbolicLink() ? statSync(full, { throwIfNoEntry: false }) : entry;
      if (kind?.isDirectory()) {
        const skipped = entry.name.startsWith(".") || (folder === root && skippedFolders.has(entry.name));
        if (!skipped && entry.name !== "node_modules") visit(full);
      } else if (kind?.isFile() && sourceFile.test(entry.name)) found.push(full);
    }
  };
  visit(root);
  return found.sort();
}

/** sha256 of the sources, their names and the options: equal exactly when a build would have nothing to do. */
export function sourcesHash(module: Module, mode: BuildMode): string {
  const hash = createHash("sha256");
  hash.update(`${mode}\0${process.env.CXX ?? ""}\0${process.arch}\0`);
  for (const file of sourceFiles(module.root)) {
    const bytes = readFileSync(file);
    hash.update(`${path.relative(module.root, file)}\0${bytes.length}\0`);
    hash.update(bytes);
  }
  return hash.digest("hex");
}
