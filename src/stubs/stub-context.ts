import path from "node:path";
import type { Manifest } from "../core/manifest.ts";
import type { Module } from "../core/module.ts";

/** What the texts of a module's stubs are made of. Paths are relative to the stubs' folder, with forward slashes. */
export type StubContext = {
  manifest: Manifest;
  artifact: string;
  configs: { name: string; path: string }[];
};

export function stubContext(module: Module, manifest: Manifest): StubContext {
  const relative = (file: string) => path.relative(module.stubs, file).split(path.sep).join("/");
  return {
    manifest,
    artifact: relative(path.join(module.artifacts, manifest.file)),
    configs: module.configs.map((config) => ({ name: path.basename(config), path: relative(config) })),
  };
}

/** The first line of every stub. */
export function origin({ manifest }: StubContext): string {
  return `made by native-udf from ${manifest.module}-${manifest.hash}; edit the C++ instead`;
}
