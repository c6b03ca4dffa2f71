import {
  accessSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  unlinkSync,
} from "node:fs";
import path from "node:path";
import { messageOf, UdfError } from "../core/error.ts";
import { type DataFormat, isAddress } from "../core/job.ts";
import { unfinished } from "./unfinished.ts";

/** Where a run's result goes. A path that ends with a slash is a folder of parts. */
export type Output = {
  path: string;
  /** As the author wrote it. */
  shown: string;
  isFolder: boolean;
  overwrite: boolean;
  /** Beside its place, until it is whole. */
  temporary: string;
};

/** Throws OUTPUT_NOT_WRITABLE for an address. */
export function outputOf(options: { root: string; path: string; run: string; overwrite: boolean }): Output {
  if (isAddress(options.path)) {
    throw new UdfError("OUTPUT_NOT_WRITABLE", {
      what: "it is an address, and this runner writes files of this machine",
      where: options.path,
      next: "Submit the job to a Spark target, or correct output.path of the job.",
    });
  }
  const target = path.resolve(options.root, options.path);
  return {
    path: target,
    shown: options.path,
    isFolder: options.path.endsWith("/"),
    overwrite: options.overwrite,
    temporary: path.join(path.dirname(target), temporaryName(target, options.run)),
  };
}

/** Of a result that is no output of the job: below the run's folder, with the job's ending, so that it is of the same format; a folder stays one. */
export function samplePath(output: string): string {
  return `sample/${path.basename(output)}${output.endsWith("/") ? "/" : ""}`;
}

/** Beside a result `out/rows.parquet` (or a folder of them), `out/rows.bad.parquet`: the rows that were set aside. */
export function badRowsOutput(output: Output, format: DataFormat): Output {
  const folder = path.dirname(output.path);
  const { name } = output.isFolder ? { name: path.basename(output.path) } : path.parse(output.path);
  const file = path.join(folder, `${name}.bad.${format}`);
  return {
    ...{ path: file, isFolder: false, overwrite: output.overwrite },
    shown: path.join(path.dirname(output.shown), path.basename(file)),
    temporary: path.join(folder, `${path.basename(output.temporary)}.bad`),
  };
}

function temporaryName(target: string, run: string): string {
  return `.${path.basename(target)}.${run}`;
}

/** Before any work: the place is free (or may be replaced) and can be written. Throws OUTPUT_EXISTS, OUTPUT_NOT_WRITABLE. */
export function checkOutput(output: Output): void {
  if (existsSync(output.path) && !output.overwrite) throw exists(output);
  try {
    mkdirSync(path.dirname(output.path), { recursive: true });
    accessSync(path.dirname(output.path), constants.W_OK);
  } catch (cause) {
    throw new UdfError("OUTPUT_NOT_WRITABLE", {
      what: `it cannot be written (${messageOf(cause)})`,
      where: output.shown,
      next: "Correct output.path of the job, or make its folder writable.",
      cause,
    });
  }
  if (existsSync(output.path) && isFolder(output.path) !== output.isFolder) {
    throw new UdfError("OUTPUT_NOT_WRITABLE", {
      what: output.isFolder ? "it is a file, and the job writes a folder" : "it is a folder, and the job writes a file",
      where: output.shown,
      next: 'Correct output.path of the job: a folder ends with "/".',
    });
  }
  if (output.isFolder && existsSync(output.path)) refuseForeignFiles(output);
}

/** A run replaces no file that it reads, and no folder with such a file in it. Throws OUTPUT_NOT_WRITABLE. */
export function refuseToReplace(output: Output, files: readonly { path: string; shown: string }[]): void {
  if (!existsSync(output.path)) return;
  const target = realpathSync(output.path);
  for (const file of files) {
    const relative = path.relative(target, realpathSync(file.path));
    const outside = relative === ".." || relative.startsWith(`..${path.sep}`);
    if (outside) continue;
    throw new UdfError("OUTPUT_NOT_WRITABLE", {
      what: relative === "" ? "it is a file that the job reads" : `the job reads ${file.shown}, which lies in it`,
      where: output.shown,
      next: "Correct output.path of the job.",
    });
  }
}

/** What `publishFolder` is given. */
const partFile = /^(?:reduced-)?part-\d+\.(?:parquet|csv|ndjson)$/;

/** `--overwrite` is for results: a folder with anything else in it is somebody's work. */
function refuseForeignFiles(output: Output): void {
  const foreign = readdirSync(output.path).find((name) => !partFile.test(name));
  if (foreign === undefined) return;
  throw new UdfError("OUTPUT_NOT_WRITABLE", {
    what: `the folder holds something that no run wrote (${foreign})`,
    where: output.shown,
    next: "Correct output.path of the job, or remove it yourself.",
  });
}

function isFolder(file: string): boolean {
  try {
    readdirSync(file);
    return true;
  } catch {
    return false;
  }
}

/** Removes what the run has not made visible. */
export function removeTemporary({ temporary }: Output): void {
  for (const left of [temporary, unfinished(temporary)]) rmSync(left, { recursive: true, force: true });
}

/** Removes what runs that lost their process have left beside the output. */
export function removeLeftovers(output: Output, lost: readonly string[]): void {
  const folder = path.dirname(output.path);
  for (const run of lost) removeTemporary({ ...output, temporary: path.join(folder, temporaryName(output.path, run)) });
}

/** Makes the finished temporary file visible under its name, in one step. Throws OUTPUT_EXISTS if it came up meanwhile. */
export function publishFile(output: Output): void {
  if (output.overwrite) {
    renameSync(output.temporary, output.path);
    return;
  }
  try {
    linkSync(output.temporary, output.path); // unlike rename, it never replaces
    unlinkSync(output.temporary);
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") throw exists(output, cause);
    if (!noLinks.has(codeOf(cause))) throw cause;
    reserve(output);
    renameSync(output.temporary, output.path);
  }
}

/** What a file system without hard links says. */
const noLinks = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/** Takes the name with an empty file, so that the rename after it replaces nothing of anybody else. */
function reserve(output: Output): void {
  try {
    closeSync(openSync(output.path, "wx"));
  } catch (cause) {
    throw codeOf(cause) === "EEXIST" ? exists(output, cause) : cause;
  }
}

/** The same for a folder: `files` are moved into it. */
export function publishFolder(output: Output, files: readonly string[]): void {
  mkdirSync(output.temporary, { recursive: true });
  for (const file of files) move(file, path.join(output.temporary, path.basename(file)));
  const earlier = `${output.temporary}.replaced`;
  if (output.overwrite && existsSync(output.path)) renameSync(output.path, earlier);
  try {
    renameSync(output.temporary, output.path); // replaces an empty folder at most
  } catch (cause) {
    throw codeOf(cause) === "ENOTEMPTY" || codeOf(cause) === "ENOTDIR" ? exists(output, cause) : cause;
  }
  rmSync(earlier, { recursive: true, force: true });
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (codeOf(error) !== "EXDEV") throw error;
    copyFileSync(from, to); // the output is on another disk
    unlinkSync(from);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

export function exists({ shown }: { shown: string }, cause?: unknown): UdfError {
  return new UdfError("OUTPUT_EXISTS", {
    what: "the output exists",
    where: shown,
    next: "Give --overwrite to replace it, or change output.path of the job.",
    cause,
  });
}
