import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { messageOf, UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";
import { loadModule } from "../module/load-module.ts";
import { copyData } from "./copy-data.ts";
import { copyTemplate, filesBelow } from "./copy-template.ts";
import { moduleName } from "./module-name.ts";
import { findTemplate } from "./templates.ts";

export type ScaffoldOptions = {
  folder: string;
  template: string;
  /** The module's name; made of the folder's where it is not given. */
  name?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Told of a package with the template's data before it is fetched. */
  onFetch?: ((name: string) => void) | undefined;
};

export type ScaffoldResult = {
  module: Module;
  /** Relative to the module's folder. */
  files: string[];
  /** For each file of data that could not be copied: how to get it. The module is made without it. */
  missingData: string[];
};

/**
 * Makes a new module. It is put together in a folder beside its place and then moved there, so a failure leaves nothing.
 * Throws FOLDER_NOT_EMPTY, TEMPLATE_UNKNOWN, USAGE (the name), OUTPUT_NOT_WRITABLE, and the signal's reason.
 */
export async function scaffold(options: ScaffoldOptions): Promise<ScaffoldResult> {
  const { folder, signal } = options;
  const template = findTemplate(options.template);
  const root = path.resolve(folder);
  const name = moduleName(root, options.name);
  refuseOccupied(root);
  signal?.throwIfAborted();
  const parent = path.dirname(root);
  const temporary = path.join(parent, `.${name}-${randomUUID().slice(0, 8)}`);
  // the first of the folders above that had to be made
  const made = writing(root, () => mkdirSync(parent, { recursive: true }));
  try {
    writing(root, () => {
      mkdirSync(temporary);
      copyTemplate(template, { to: temporary, name });
    });
    const data = { to: temporary, root, signal, onFetch: options.onFetch };
    const missingData = await copyData(template, data).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw notWritable(root, error);
    });
    signal?.throwIfAborted();
    writing(root, () => moveTo(root, temporary));
    return { module: loadModule(root), files: filesBelow(root), missingData };
  } catch (error) {
    rmSync(made ?? temporary, { recursive: true, force: true });
    throw error;
  }
}

function refuseOccupied(root: string): void {
  const found = writing(root, () => statSync(root, { throwIfNoEntry: false }));
  if (!found) return;
  const what = !found.isDirectory() ? "it is a file" : "the folder exists and is not empty";
  if (found.isDirectory() && readdirSync(root).length === 0) return;
  throw new UdfError("FOLDER_NOT_EMPTY", { what, where: root, next: "Choose a new folder, or empty this one." });
}

function moveTo(root: string, temporary: string): void {
  if (!existsSync(root)) {
    renameSync(temporary, root);
    return;
  }
  // an empty folder stays the one that it is: the user's shell may be in it
  for (const entry of readdirSync(temporary)) renameSync(path.join(temporary, entry), path.join(root, entry));
  rmdirSync(temporary);
}

function writing<Result>(root: string, write: () => Result): Result {
  try {
    return write();
  } catch (cause) {
    throw notWritable(root, cause);
  }
}

function notWritable(root: string, cause: unknown): UdfError {
  return new UdfError("OUTPUT_NOT_WRITABLE", {
    what: `the module cannot be written (${messageOf(cause)})`,
    where: root,
    next: "Choose another folder.",
    cause,
  });
}
