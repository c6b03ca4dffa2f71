import { existsSync } from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../core/diagnostic.ts";
import { UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";
import { findBuildTools } from "../toolchain/find-build-tools.ts";
import { auditFile } from "./artifact/audit.ts";
import { Describer } from "./artifact/describe.ts";
import { publish } from "./artifact/publish.ts";
import { type BuildMode, buildFolder, cmakeOptions } from "./build-folder.ts";
import { lockBuild } from "./build-lock.ts";
import { isConfigured } from "./cmake-cache.ts";
import { type BuildProgress, compile, keptWarnings } from "./compile.ts";
import { configure, configuredTools } from "./configure.ts";
import { type CurrentArtifact, setCurrentArtifact } from "./current-artifact.ts";
import { fileFailure } from "./file-failure.ts";
import { sanitizerEnvironment } from "./sanitizers.ts";
import { sourcesHash } from "./sources-hash.ts";
import { builtFrom, upToDateByHash } from "./up-to-date.ts";

export type BuildOptions = {
  mode?: BuildMode;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: BuildProgress) => void) | undefined;
};

export type BuildResult = CurrentArtifact & {
  /** True when nothing had changed and nothing was done. */
  upToDate: boolean;
  /** Of all files, also those that were up to date. */
  warnings: readonly Diagnostic[];
  seconds: number;
};

/**
 * Builds the module into its artifact, if anything has changed since the last build; one build of a module at a time.
 * Throws TOOL_MISSING, CONFIGURE_FAILED, COMPILE_FAILED, LINK_FAILED, AUDIT_FAILED, ARTIFACT_MISMATCH, TOOL_FAILED,
 * DISK_FULL, OUTPUT_NOT_WRITABLE, CANCELLED; what was built before stays.
 */
export async function build(module: Module, options: BuildOptions = {}): Promise<BuildResult> {
  const { mode = "release", signal, onProgress } = options;
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  try {
    const unlock = await lockBuild(module, {
      signal,
      onWait: (pid) => onProgress?.({ done: 0, total: 1, step: `Waiting for the build that process ${pid} does` }),
    });
    try {
      return { ...(await buildAlone(module, { mode, signal, onProgress })), seconds: seconds() };
    } finally {
      unlock();
    }
  } catch (error) {
    throw fileFailure(error, module.state);
  }
}

type Options = { mode: BuildMode } & Pick<BuildOptions, "signal" | "onProgress">;

async function buildAlone(
  module: Module,
  { mode, signal, onProgress }: Options,
): Promise<Omit<BuildResult, "seconds">> {
  const hash = sourcesHash(module, mode);
  const ready = upToDateByHash({ module, mode, sourcesHash: hash });
  const folder = buildFolder(module, mode);
  const upToDate = (current: CurrentArtifact, warnings: readonly Diagnostic[]) => ({
    ...current,
    upToDate: true,
    warnings: [...warnings, ...auditFile(current.artifactPath, module.name)],
  });
  if (ready) return upToDate(ready, keptWarnings(module, folder));
  if (!isConfigured(folder)) {
    onProgress?.({ done: 0, total: 1, step: "Configuring with cmake" }); // takes seconds, and cmake counts no steps
    await configure({ module, mode, folder, signal });
  }
  const { sanitize } = cmakeOptions(mode);
  const environment = sanitize ? await sanitizerEnvironment((await findBuildTools({ signal })).compiler, sanitize) : {};
  let describer: Describer | undefined;
  try {
    const { warnings, idle } = await compile({
      module,
      folder,
      signal,
      onProgress: (progress) => {
        describer ??= new Describer({ signal, environment }); // it gets ready while the compiler works
        onProgress?.(progress);
      },
    });
    const linked = linkedObject(module, folder);
    const current = idle ? builtFrom({ module, mode, sourcesHash: hash }) : undefined;
    if (current) return upToDate(current, warnings);
    describer ??= new Describer({ signal, environment });
    const tools = configuredTools(folder);
    const published = await publish({ module, mode, linked, describer, sourcesHash: hash, tools, signal });
    setCurrentArtifact(module, mode, published.manifestPath);
    return { ...published, upToDate: false, warnings: [...warnings, ...published.warnings] };
  } finally {
    await describer?.close();
  }
}

function linkedObject(module: Module, folder: string): string {
  const linked = path.join(folder, `${module.name}.udf.so`);
  if (existsSync(linked)) return linked;
  throw new UdfError("CONFIGURE_FAILED", {
    what: `the build made no ${module.name}.udf.so`,
    where: path.join(module.root, "CMakeLists.txt"),
    next: `Give udf_add_module the name that native-udf.json has: ${module.name}.`,
  });
}
