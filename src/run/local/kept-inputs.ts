import path from "node:path";
import { UdfError } from "../../core/error.ts";
import type { Module } from "../../core/module.ts";
import { type StoredObject, storeObject } from "../objects.ts";

/*
 * What a run keeps a copy of, so that an edit changes nothing for it.
 */

/** Throws CONFIG_MISSING. */
export function storeConfig(module: Module, file: string): StoredObject {
  try {
    return storeObject(module, file);
  } catch (cause) {
    throw new UdfError("CONFIG_MISSING", {
      what: "the config file cannot be read",
      where: path.relative(module.root, file),
      next: 'Put it there, or correct "configs" in native-udf.json.',
      cause,
    });
  }
}

/** Throws ARTIFACT_MISSING. */
export function storeArtifact(module: Module, file: string): StoredObject {
  try {
    return storeObject(module, file);
  } catch (cause) {
    throw new UdfError("ARTIFACT_MISSING", {
      what: "the artifact cannot be read",
      where: path.relative(module.root, file),
      next: 'Build it with "native-udf build".',
      cause,
    });
  }
}
