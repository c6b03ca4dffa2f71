import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Module } from "../core/module.ts";

export type StoredObject = { name: string; path: string; sha256: string };

export function objectsFolder(module: Module): string {
  return path.join(module.state, "objects");
}

/**
 * A copy of a file whose name has the hash of its content, so that an edit changes nothing for a run that goes on. A copy
 * whose bytes are no longer what its name says is replaced. Throws what the file system throws.
 */
export function storeObject(module: Module, file: string): StoredObject {
  const bytes = readFileSync(file);
  const sha256 = sha256Of(bytes);
  const { name, ext } = splitName(path.basename(file));
  const folder = objectsFolder(module);
  const target = path.join(folder, `${name}-${sha256.slice(0, 12)}${ext}`);
  if (existsSync(target) && sha256Of(readFileSync(target)) === sha256) {
    const now = new Date();
    utimesSync(target, now, now); // in use: see `removeOldRuns`
  } else {
    mkdirSync(folder, { recursive: true });
    const temporary = `${target}.${process.pid}`;
    writeFileSync(temporary, bytes);
    renameSync(temporary, target);
  }
  return { name: path.basename(file), path: target, sha256 };
}

/** `flights.udf.so` is `flights` and `.udf.so`; a name's own hash is not said twice. */
function splitName(file: string): { name: string; ext: string } {
  const dot = file.indexOf(".", 1);
  const name = dot < 0 ? file : file.slice(0, dot);
  return { name: name.replace(/-[0-9a-f]{12}$/, ""), ext: dot < 0 ? "" : file.slice(dot) };
}

function sha256Of(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
