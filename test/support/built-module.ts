import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { type BuildResult, build } from "../../src/build/build.ts";
import type { Module } from "../../src/core/module.ts";
import { loadModule } from "../../src/module/load-module.ts";
import { scaffold } from "../../src/scaffold/scaffold.ts";
import { generateStubs } from "../../src/stubs/generate.ts";
import { cacheFolder } from "./cache-folder.ts";
import { projectRoot } from "./command-line.ts";

export type BuiltModule = { module: Module; built: BuildResult };

/**
 * A module out of the blank template with these files on top, built, with its stubs. It stays in the user's cache, under
 * a name made of all that it is built of, so that test files share one build; treat it as read-only.
 */
export async function builtModule(name: string, files: Record<string, string>): Promise<BuiltModule> {
  const modules = path.join(cacheFolder(), "modules");
  const key = contentKey(files);
  const root = path.join(modules, `${name}-${key}`);
  if (!existsSync(root)) {
    mkdirSync(modules, { recursive: true });
    removeOld(modules, name);
    const temporary = mkdtempSync(path.join(modules, ".new-"));
    try {
      const { module } = await scaffold({ folder: path.join(temporary, name), template: "blank" });
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(module.root, file)), { recursive: true });
        writeFileSync(path.join(module.root, file), text);
      }
      // the template may have been edited while it was copied
      if (contentKey(files) !== key) return builtModule(name, files);
      moveUnlessThere(module.root, root);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  }
  const module = loadModule(root);
  const built = await build(module);
  await generateStubs({ module, manifest: built.manifest });
  return { module, built };
}

/** Changes with the template, the SDK in it, and the files. */
function contentKey(files: Record<string, string>): string {
  const hash = createHash("sha256").update(JSON.stringify(files));
  const template = path.join(projectRoot, "native-template");
  for (const file of readdirSync(template, { recursive: true, encoding: "utf8" }).sort()) {
    const full = path.join(template, file);
    if (statSync(full).isFile()) hash.update(`${file}\0`).update(readFileSync(full));
  }
  return hash.digest("hex").slice(0, 12);
}

/** Another test process may have been faster. */
function moveUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

/** Builds of an earlier template; those of the last day may be another checkout's. */
function removeOld(modules: string, name: string): void {
  const yesterday = Date.now() - 24 * 60 * 60 * 1000;
  for (const entry of readdirSync(modules).filter((other) => other.startsWith(`${name}-`))) {
    const folder = path.join(modules, entry);
    if (statSync(folder).mtimeMs < yesterday) rmSync(folder, { recursive: true, force: true });
  }
}
