import * as vscode from "vscode";
import type { StubsResult } from "../app.ts";
import type { BuildResult } from "../build/build.ts";
import type { BuildMode } from "../build/build-folder.ts";
import { UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";
import { setBuildDiagnostics } from "./diagnostics/build-diagnostics.ts";
import { withProgress } from "./with-progress.ts";

type Options = {
  signal: AbortSignal;
  onProgress: (progress: { done: number; total: number; step: string }) => void;
};

/** Builds with progress; compiler and linker errors are shown in their files. Throws what `build` throws. */
export async function buildModule(module: Module, mode: BuildMode = "release"): Promise<BuildResult> {
  return shown(module, async (options) => {
    const { build } = await import("../build/build.ts");
    const result = await build(module, { ...options, mode });
    setBuildDiagnostics(module, result.warnings);
    return result;
  });
}

/** The same, and the stubs. */
export async function buildStubs(module: Module): Promise<StubsResult> {
  return shown(module, async (options) => {
    const { generateModuleStubs } = await import("../app.ts");
    const result = await generateModuleStubs(module, options);
    setBuildDiagnostics(module, result.build.warnings);
    return result;
  });
}

async function shown<Result>(module: Module, run: (options: Options) => Promise<Result>): Promise<Result> {
  try {
    return await withProgress({
      title: vscode.l10n.t("Building {0}", module.name),
      run: ({ signal, report }) =>
        run({ signal, onProgress: ({ done, total, step }) => report(step, total > 0 ? done / total : undefined) }),
    });
  } catch (error) {
    if (error instanceof UdfError && error.code !== "CANCELLED") setBuildDiagnostics(module, error.diagnostics);
    throw error;
  }
}
