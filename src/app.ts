import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { type BuildOptions, type BuildResult, build } from "./build/build.ts";
import { buildModes } from "./build/build-folder.ts";
import { sanitizerEnvironment } from "./build/sanitizers.ts";
import { UdfError } from "./core/error.ts";
import type { OnBadRow } from "./core/job.ts";
import type { Module } from "./core/module.ts";
import { suggestion } from "./core/nearest.ts";
import type { Sanitizers } from "./core/sanitizers.ts";
import { findTarget } from "./module/find-target.ts";
import { type DetachedRun, startDetached } from "./run/detached.ts";
import { findJob } from "./run/job-files.ts";
import { listRuns } from "./run/store.ts";
import { type Run, submit } from "./run/submit.ts";
import { type GeneratedStub, generateStubs } from "./stubs/generate.ts";
import { baselineModule } from "./testing/bench/baseline-module.ts";
import { type BenchResult, runBench } from "./testing/bench/run-bench.ts";
import { refuseBadRequest, runTests, type TestOptions, type TestSummary } from "./testing/run-tests.ts";
import { findBuildTools } from "./toolchain/find-build-tools.ts";

/*
 * What the product does with a module, without a user interface: the command line and the extension both call these.
 */

export type StubsResult = { build: BuildResult; stubs: readonly GeneratedStub[] };

/** Builds if needed, then writes the stubs of the artifact. */
export async function generateModuleStubs(module: Module, options: BuildOptions = {}): Promise<StubsResult> {
  const result = await build(module, options);
  const stubs = await generateStubs({ module, manifest: result.manifest });
  return { build: result, stubs };
}

export type SubmitOptions = {
  /** A job's name, or the path of its file. */
  job: string;
  target?: string | undefined;
  workers?: number | undefined;
  timeoutSeconds?: number | undefined;
  overwrite?: boolean | undefined;
  /** What happens with rows that a function fails at; what the job says where it is not given. */
  onBadRow?: OnBadRow | undefined;
  maxBadRows?: number | undefined;
  /** Messages show the arguments of the row that failed. */
  showValues?: boolean | undefined;
  /** Builds and runs with these: what they find is told at the author's lines, the result goes to the run's folder. */
  sanitize?: Sanitizers | undefined;
  /** Only so many rows of the input; the result goes to the run's folder. */
  sampleRows?: number | undefined;
  /** The Node that runs the workers; this process's own where it is not given. */
  nodePath?: string | undefined;
  signal?: AbortSignal | undefined;
  onBuild?: ((step: string) => void) | undefined;
  /** Told of the build that the run uses, before it begins. */
  onBuilt?: ((result: BuildResult) => void) | undefined;
};

/** Brings artifact and stubs up to date, then starts a run of the job. Its events tell the rest. */
export async function submitJob(module: Module, options: SubmitOptions): Promise<Run> {
  return submit({ ...(await prepareJob(module, options)), signal: options.signal });
}

/** The same in a process of its own, which goes on when this one ends; the run's folder tells the rest. */
export async function submitDetached(module: Module, options: SubmitOptions): Promise<DetachedRun> {
  return startDetached(await prepareJob(module, options));
}

async function prepareJob(module: Module, options: SubmitOptions) {
  const {
    job,
    target = "local",
    workers,
    timeoutSeconds,
    overwrite,
    onBadRow,
    maxBadRows,
    showValues,
    sampleRows,
    nodePath,
    signal,
    onBuild,
    onBuilt,
    sanitize,
  } = options;
  const resolved = findTarget(module, target);
  findJob(module, job); // before the build: a wrong name is told at once
  // the author's stubs stay those of the release build
  const own = sanitize ? { ...module, stubs: path.join(module.state, "sanitized", "stubs") } : module;
  const { build: built } = await generateModuleStubs(own, {
    signal,
    ...(sanitize ? { mode: sanitize } : {}),
    onProgress: ({ done, total, step }) => onBuild?.(`[${done}/${total}] ${step}`),
  });
  onBuilt?.(built);
  const workerEnvironment = sanitize
    ? await sanitizerEnvironment((await findBuildTools({ signal })).compiler, sanitize)
    : undefined;
  const artifacts = [{ manifest: built.manifest, path: built.artifactPath }];
  const limits = { workers, timeoutSeconds, onBadRow, maxBadRows, showValues };
  return {
    module: own,
    job,
    target: resolved,
    artifacts,
    overwrite,
    sampleRows,
    nodePath,
    workerEnvironment,
    ...limits,
  };
}

/** Builds, writes the stubs, and runs the module's tests. Throws what these throw. */
export async function testModule(
  module: Module,
  { onBuild, ...options }: Omit<TestOptions, "module"> & Pick<SubmitOptions, "onBuild">,
): Promise<TestSummary> {
  refuseBadRequest({ module, ...options }); // before the build, which may take long
  const { build: built } = await generateModuleStubs(module, {
    signal: options.signal,
    onProgress: ({ done, total, step }) => onBuild?.(`[${done}/${total}] ${step}`),
  });
  return runTests({ module, artifact: { manifest: built.manifest, path: built.artifactPath }, ...options });
}

export type BenchOptions = { name: string; rows: number; seconds: number } & Pick<
  SubmitOptions,
  "nodePath" | "signal" | "onBuild"
>;

/** Times a function beside one that does nothing. Throws FUNCTION_UNKNOWN, and what building and `runBench` throw. */
export async function benchFunction(module: Module, options: BenchOptions): Promise<BenchResult[]> {
  const { name, rows, seconds, nodePath, signal, onBuild } = options;
  const onProgress = ({ done, total, step }: { done: number; total: number; step: string }) =>
    onBuild?.(`[${done}/${total}] ${step}`);
  const built = await build(module, { signal, onProgress });
  const { functions } = built.manifest;
  const index = functions.findIndex((each) => each.name === name);
  const described = functions[index];
  if (!described) {
    const known = functions.map((each) => each.name);
    throw new UdfError("FUNCTION_UNKNOWN", {
      what: `the module has no function "${name}"`,
      next: suggestion(name, known),
    });
  }
  const baseline = baselineModule(module, described);
  const nothing = await build(baseline, { signal, onProgress });
  return runBench({
    ...{ module, described, index, rows, seconds, nodePath, signal },
    artifact: { manifest: built.manifest, path: built.artifactPath },
    baseline: { module: baseline, artifact: { manifest: nothing.manifest, path: nothing.artifactPath } },
  });
}

/** Removes what can be made again: build folders, artifacts, bundles; with `runs` also the runs and their logs. */
export function clean(module: Module, { runs }: { runs: boolean }): string[] {
  const active = listRuns(module).filter((run) => run.state === "running");
  if (active.length > 0) {
    throw new UdfError("USAGE", {
      what: `${active.length} run(s) of this module are still going on`,
      where: active.map((run) => run.id).join(", "),
      next: 'Wait for them, or cancel them with "native-udf runs cancel <id>".',
    });
  }
  const folders = runs
    ? [module.state]
    : ["build", "bench", "debug", "sanitized", "jobs", "objects"].map((name) => path.join(module.state, name));
  const pointers = buildModes.map((mode) => path.join(module.state, `current-${mode}.json`));
  const removed = [...folders, ...pointers, module.artifacts].filter((entry) => existsSync(entry));
  for (const entry of removed) rmSync(entry, { recursive: true, force: true });
  return removed;
}
