import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { type Manifest, manifestSchema } from "../core/manifest.ts";
import type { Module } from "../core/module.ts";
import { type BuildMode, buildModes } from "./build-folder.ts";

export type CurrentArtifact = { manifest: Manifest; manifestPath: string; artifactPath: string };

const pointerSchema = z.object({ manifest: z.string() });

/** The artifact of the last successful build; undefined where there is none, or where its bytes are not what its name says. */
export function currentArtifact(module: Module, mode: BuildMode): CurrentArtifact | undefined {
  const manifestName = pointerSchema.safeParse(readJson(pointerPath(module, mode))).data?.manifest;
  if (manifestName === undefined) return undefined;
  const manifestPath = path.join(module.artifacts, manifestName);
  const parsed = manifestSchema.safeParse(readJson(manifestPath));
  if (!parsed.success) return undefined; // of another version of this program: it is built again
  const artifactPath = path.join(module.artifacts, parsed.data.file);
  if (!existsSync(artifactPath)) return undefined;
  const sha256 = createHash("sha256").update(readFileSync(artifactPath)).digest("hex");
  return sha256 === parsed.data.sha256 ? { manifest: parsed.data, manifestPath, artifactPath } : undefined;
}

export function setCurrentArtifact(module: Module, mode: BuildMode, manifestPath: string): void {
  const pointer = pointerPath(module, mode);
  mkdirSync(path.dirname(pointer), { recursive: true });
  writeFileSync(`${pointer}.${process.pid}`, JSON.stringify({ manifest: path.basename(manifestPath) }));
  renameSync(`${pointer}.${process.pid}`, pointer);
}

/** Names of the manifests that are current in any mode. */
export function currentManifests(module: Module): string[] {
  return buildModes.flatMap(
    (mode) => pointerSchema.safeParse(readJson(pointerPath(module, mode))).data?.manifest ?? [],
  );
}

/** Undefined where there is no such file or it is no JSON: what is kept here can be made again. */
function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function pointerPath(module: Module, mode: BuildMode): string {
  return path.join(module.state, `current-${mode}.json`);
}
