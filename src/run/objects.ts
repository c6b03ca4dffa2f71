import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";

export type StoredObject = { name: string; path: string; sha256: string };

/** A copy of a file whose name has the hash of its content, so that an edit changes nothing for a run that goes on. */
export function storeObject(module: Module, file: string): StoredObject {
  const bytes = readConfig(file);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const { name, ext } = path.parse(file);
  const folder = path.join(module.state, "objects");
  const target = path.join(folder, `${name}-${sha256.slice(0, 12)}${ext}`);
  if (!existsSync(target)) {
    mkdirSync(folder, { recursive: true });
    const temporary = `${target}.${process.pid}`;
    copyFileSync(file, temporary);
    renameSync(temporary, target);
  }
  return { name: path.basename(file), path: target, sha256 };
}

function readConfig(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UdfError("CONFIG_MISSING", {
      what: "the config file cannot be read",
      where: file,
      next: 'Put it there, or correct "configs" in native-udf.json.',
      cause,
    });
  }
}
