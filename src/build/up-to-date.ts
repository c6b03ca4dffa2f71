import type { Module } from "../core/module.ts";
import { type BuildMode, buildFolder } from "./build-folder.ts";
import { isConfigured, ninjaOf } from "./cmake-cache.ts";
import { type CurrentArtifact, currentArtifact } from "./current-artifact.ts";

type Options = { module: Module; mode: BuildMode; sourcesHash: string };

/** The current artifact if it was built from sources with this hash. */
export function builtFrom({ module, mode, sourcesHash }: Options): CurrentArtifact | undefined {
  const current = currentArtifact(module, mode);
  return current?.manifest.sourcesHash === sourcesHash ? current : undefined;
}

/**
 * The current artifact where its hash alone says that it is up to date: where nothing has been built in this place, as
 * in a copy of the module, and where make builds. Elsewhere ninja is asked, which also knows what the sources read
 * outside of the module's folder, and which has nothing to do in a few milliseconds.
 */
export function upToDateByHash(options: Options): CurrentArtifact | undefined {
  const folder = buildFolder(options.module, options.mode);
  return ninjaOf(folder) && isConfigured(folder) ? undefined : builtFrom(options);
}

/** True for the output of a ninja that had nothing to do. */
export function saysIdle(output: string): boolean {
  return /^ninja: no work to do\.$/m.test(output);
}
