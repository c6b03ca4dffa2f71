import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";
import { loadModule } from "../module/load-module.ts";
import { moduleName } from "./module-name.ts";
import { findTemplate, readTemplateFile, type Template } from "./templates.ts";

export type ScaffoldOptions = {
  folder: string;
  template: string;
  name?: string | undefined;
  signal?: AbortSignal | undefined;
};

export type ScaffoldResult = {
  module: Module;
  /** Relative to the module's folder. */
  files: string[];
  /** For each file of data that could not be copied: how to get it. */
  missingData: string[];
};

/** The name that the template's files use for the module. */
const templateModule = "flight_features";
const leftOut = new Set([
  "node_modules",
  "build",
  "blank",
  "artifacts",
  ".native-udf",
  "template.json",
  "stubs",
  "out",
  "data",
]);

/**
 * Makes a new module. It is put together in a folder beside its place and then renamed, so a failure leaves nothing.
 * Throws FOLDER_NOT_EMPTY, TEMPLATE_UNKNOWN, USAGE, OUTPUT_NOT_WRITABLE.
 */
export async function scaffold({
  folder,
  template: templateName,
  name,
  signal,
}: ScaffoldOptions): Promise<ScaffoldResult> {
  const template = findTemplate(templateName);
  const root = path.resolve(folder);
  const module = moduleName(root, name);
  refuseOccupied(root);
  const temporary = path.join(path.dirname(root), `.${path.basename(root)}-${process.pid}`);
  try {
    mkdirSync(temporary, { recursive: true });
    copyTemplate(template, temporary);
    for (const file of filesBelow(temporary)) nameModule(path.join(temporary, file), module);
    const missingData = template.overlay ? [] : copyData(template, { to: temporary, near: root });
    signal?.throwIfAborted();
    if (existsSync(root)) rmdirSync(root); // it is empty
    renameSync(temporary, root);
    return { module: loadModule(root), files: filesBelow(root), missingData };
  } catch (cause) {
    if (cause instanceof UdfError || signal?.aborted) throw cause;
    throw new UdfError("OUTPUT_NOT_WRITABLE", {
      what: `the module cannot be written (${cause instanceof Error ? cause.message : String(cause)})`,
      where: root,
      next: "Choose another folder.",
      cause,
    });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function refuseOccupied(root: string): void {
  if (!existsSync(root)) return;
  const what = !statSync(root).isDirectory()
    ? "it is a file"
    : readdirSync(root).length > 0
      ? "the folder exists and is not empty"
      : undefined;
  if (what)
    throw new UdfError("FOLDER_NOT_EMPTY", { what, where: root, next: "Choose a new folder, or empty this one." });
}

function copyTemplate(template: Template, to: string): void {
  const { example } = readTemplateFile(template);
  const skipped = new Set(template.overlay ? example : []);
  cpSync(template.base, to, {
    recursive: true,
    filter: (source) => {
      const relative = path.relative(template.base, source);
      return !leftOut.has(relative.split(path.sep)[0] ?? "") && !skipped.has(relative);
    },
  });
  if (template.overlay) cpSync(template.overlay, to, { recursive: true });
  // npm leaves .gitignore files out of packages
  renameSync(path.join(to, "gitignore"), path.join(to, ".gitignore"));
}

/** Copies the data that lies in npm packages; a link would break when the package is updated. */
function copyData(template: Template, { to, near }: { to: string; near: string }): string[] {
  const missing: string[] = [];
  for (const { package: packageName, from, to: target } of readTemplateFile(template).data) {
    const folder = packageFolder(packageName, [path.dirname(near), template.base]);
    const destination = path.join(to, target);
    mkdirSync(path.dirname(destination), { recursive: true });
    if (folder) copyFileSync(path.join(folder, from), destination);
    else
      missing.push(
        `${target} is missing: npm install ${packageName}, then copy node_modules/${packageName}/${from} to ${target}`,
      );
  }
  return missing;
}

function packageFolder(name: string, near: readonly string[]): string | undefined {
  for (const folder of near) {
    for (const modules of createRequire(path.join(folder, "package.json")).resolve.paths(name) ?? []) {
      if (existsSync(path.join(modules, name, "package.json"))) return path.join(modules, name);
    }
  }
  return undefined;
}

function nameModule(file: string, module: string): void {
  const text = readFileSync(file, "utf8");
  if (text.includes(templateModule)) writeFileSync(file, text.replaceAll(templateModule, module));
  if (path.basename(file).includes(templateModule)) {
    renameSync(file, path.join(path.dirname(file), path.basename(file).replaceAll(templateModule, module)));
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((entry) => statSync(path.join(folder, entry)).isFile())
    .sort();
}
