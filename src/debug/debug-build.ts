import path from "node:path";
import { type BuildOptions, build } from "../build/build.ts";
import type { CurrentArtifact } from "../build/current-artifact.ts";
import type { Module } from "../core/module.ts";
import type { LaunchWorker } from "../run/local/launch-worker.ts";
import { type Run, submit } from "../run/submit.ts";
import { generateStubs } from "../stubs/generate.ts";

export type DebugBuild = CurrentArtifact & {
  /** The module, with stubs of its own: those of the author stay with the release build. */
  module: Module;
  /** The debug info of the artifact. */
  debugFile: string;
};

/** Builds without optimisation, if anything has changed, with stubs for the run. Throws what `build` throws. */
export async function buildForDebugging(module: Module, options: Omit<BuildOptions, "mode">): Promise<DebugBuild> {
  const built = await build(module, { ...options, mode: "debug" });
  const own = { ...module, stubs: path.join(module.state, "debug", "stubs") };
  await generateStubs({ module: own, manifest: built.manifest });
  return { ...built, module: own, debugFile: path.join(module.artifacts, built.manifest.debugFile) };
}

type Options = {
  job: string;
  sampleRows?: number | undefined;
  nodePath?: string | undefined;
  /** Starts the worker under the debugger. */
  launch: LaunchWorker;
  signal: AbortSignal;
};

/** Starts a run of the debug build with one worker. Throws JOB_UNKNOWN; everything later is told by the run. */
export function submitDebugged({ module, manifest, artifactPath }: DebugBuild, options: Options): Run {
  const { launch, ...rest } = options;
  return submit({ module, artifacts: [{ manifest, path: artifactPath }], debug: launch, ...rest });
}
