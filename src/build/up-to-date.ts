import type { Module } from "../core/module.ts";
import { runTool } from "../toolchain/run-tool.ts";
import { type BuildMode, buildFolder } from "./build-folder.ts";
import { isConfigured, ninjaOf } from "./cmake-cache.ts";
import { type CurrentArtifact, currentArtifact } from "./current-artifact.ts";

type Options = { module: Module; mode: BuildMode; sourcesHash: string; signal?: AbortSignal | undefined };

/**
 * The current artifact if a build would have nothing to do. Two must agree: the sources have the hash it was built
 * from, and ninja, which also knows what the sources read outside of the module's folder, sees no work. Where nothing
 * has been built in this place, as in a copy of the module, the hash alone decides.
 */
export async function upToDate({ module, mode, sourcesHash, signal }: Options): Promise<CurrentArtifact | undefined> {
  const current = currentArtifact(module, mode);
  if (current?.manifest.sourcesHash !== sourcesHash) return undefined;
  const folder = buildFolder(module, mode);
  const ninja = ninjaOf(folder);
  if (!ninja || !isConfigured(folder)) return current;
  const { exitCode, stdout } = await runTool({ command: ninja, args: ["-C", folder, "-n"], signal });
  return exitCode === 0 && /^ninja: no work to do\.$/m.test(stdout) ? current : undefined;
}
