import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  unlinkSync,
} from "node:fs";
import path from "node:path";
import { UdfError } from "../../core/error.ts";

/** Where a run's result goes. A path that ends with a slash is a folder of parts. */
export type Output = { path: string; shown: string; isFolder: boolean; overwrite: boolean; temporary: string };

export function outputOf(options: { root: string; path: string; run: string; overwrite: boolean }): Output {
  const target = path.resolve(options.root, options.path);
  return {
    path: target,
    shown: options.path,
    isFolder: options.path.endsWith("/"),
    overwrite: options.overwrite,
    temporary: path.join(path.dirname(target), `.${path.basename(target)}.${options.run}`),
  };
}

/** Before any work: the place is free (or may be replaced) and can be written. Throws OUTPUT_EXISTS, OUTPUT_NOT_WRITABLE. */
export function checkOutput(output: Output): void {
  if (existsSync(output.path) && !output.overwrite) throw exists(output);
  try {
    mkdirSync(path.dirname(output.path), { recursive: true });
    accessSync(path.dirname(output.path), constants.W_OK);
  } catch (cause) {
    throw new UdfError("OUTPUT_NOT_WRITABLE", {
      what: `it cannot be written (${cause instanceof Error ? cause.message : String(cause)})`,
      where: output.shown,
      next: "Correct output.path of the job, or make its folder writable.",
      cause,
    });
  }
}

/** Makes the finished temporary file visible under its name, in one step. Throws OUTPUT_EXISTS if it came up meanwhile. */
export function publishFile(output: Output): void {
  if (output.overwrite) {
    renameSync(output.temporary, output.path);
    return;
  }
  try {
    linkSync(output.temporary, output.path); // unlike rename, it never replaces
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") throw exists(output, cause);
    throw cause;
  }
  unlinkSync(output.temporary);
}

/** The same for a folder of parts. */
export function publishFolder(output: Output, parts: string): void {
  cpSync(parts, output.temporary, { recursive: true });
  if (output.overwrite) rmSync(output.path, { recursive: true, force: true });
  else if (existsSync(output.path)) throw exists(output);
  renameSync(output.temporary, output.path);
}

function exists({ shown }: Output, cause?: unknown): UdfError {
  return new UdfError("OUTPUT_EXISTS", {
    what: "the output exists",
    where: shown,
    next: "Give --overwrite to replace it, or change output.path of the job.",
    cause,
  });
}
