import { createHash } from "node:crypto";
import path from "node:path";
import type { Module } from "../core/module.ts";
import { type Sanitizers, sanitizerSets } from "../core/sanitizers.ts";

/** For use, for a debugger, or to look for mistakes with sanitizers. */
export const buildModes = ["release", "debug", ...sanitizerSets] as const;
export type BuildMode = (typeof buildModes)[number];

/** What cmake is told of a mode. */
export function cmakeOptions(mode: BuildMode): { config: string; sanitize: Sanitizers | undefined } {
  switch (mode) {
    case "release":
      return { config: "Release", sanitize: undefined };
    case "debug":
      return { config: "Debug", sanitize: undefined };
    default:
      return { config: "Release", sanitize: mode };
  }
}

/**
 * The folder that cmake builds in. cmake never looks again at changed options once it has configured a folder, and
 * a configured folder cannot be moved, so everything that configuring depends on is in the name.
 */
export function buildFolder(module: Module, mode: BuildMode): string {
  const key = createHash("sha256")
    .update(`${module.root}\0${process.env.CXX ?? ""}`)
    .digest("hex")
    .slice(0, 8);
  // the linker takes a comma for the end of an option
  return path.join(module.state, "build", `${mode.replace(",", "-")}-${key}`);
}
