import { createHash } from "node:crypto";
import path from "node:path";
import type { Module } from "../core/module.ts";

export type BuildMode = "release" | "debug";

export const buildTypes: Record<BuildMode, string> = { release: "Release", debug: "Debug" };

/**
 * The folder that cmake builds in. cmake never looks again at changed options once it has configured a folder, and
 * a configured folder cannot be moved, so everything that configuring depends on is in the name.
 */
export function buildFolder(module: Module, mode: BuildMode): string {
  const key = createHash("sha256")
    .update(`${module.root}\0${process.env.CXX ?? ""}`)
    .digest("hex")
    .slice(0, 8);
  return path.join(module.state, "build", `${mode}-${key}`);
}
