import { existsSync } from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../core/diagnostic.ts";
import { UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";
import { publish } from "./artifact/publish.ts";
import { type BuildMode, buildFolder } from "./build-folder.ts";
import { type BuildProgress, compile } from "./compile.ts";
import { configure, configuredTools, isConfigured } from "./configure.ts";
import { type CurrentArtifact, currentArtifact, setCurrentArtifact } from "./current-artifact.ts";
import { sourcesHash } from "./sources-hash.ts";

export type BuildOptions = {
  mode?: BuildMode;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: BuildProgress) => void) | undefined;
};

export type BuildResult = CurrentArtifact & {
  /** True when nothing had changed and nothing was done. */
  upToDate: boolean;
  warnings: readonly Diagnostic[];
  seconds: number;
};

/**
 * Builds the module into its artifact, if anything has changed since the last build.
 * Throws TOOL_MISSING, CONFIGURE_FAILED, COMPILE_FAILED, LINK_FAILED, AUDIT_FAILED; what was built before stays.
 */
export async function build(module: Module, options: BuildOptions = {}): Promise<BuildResult> {
  const { mode = "release", signal, onProgress } = options;
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const hash = sourcesHash(module, mode);
  const current = currentArtifact(module, mode);
  if (current?.manifest.sourcesHash === hash) return { ...current, upToDate: true, warnings: [], seconds: seconds() };

  const folder = buildFolder(module, mode);
  if (!isConfigured(folder)) await configure({ module, mode, folder, signal });
  const warnings = await compile({ module, folder, signal, onProgress });
  const linked = path.join(folder, `${module.name}.udf.so`);
  if (!existsSync(linked)) {
    throw new UdfError("CONFIGURE_FAILED", {
      what: `the build made no ${module.name}.udf.so`,
      where: path.join(module.root, "CMakeLists.txt"),
      next: `Give udf_add_module the name that native-udf.json has: ${module.name}.`,
    });
  }
  const tools = configuredTools(folder);
  const { warnings: findings, ...published } = await publish({
    module,
    mode,
    linked,
    sourcesHash: hash,
    tools,
    signal,
  });
  setCurrentArtifact(module, mode, published.manifestPath);
  return { ...published, upToDate: false, warnings: [...warnings, ...findings], seconds: seconds() };
}
