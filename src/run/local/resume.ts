import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { Module } from "../../core/module.ts";
import { type RunFolder, runFolder } from "../run-folder.ts";
import { listRuns } from "../store.ts";

const planFile = "plan.json";
const planSchema = z.object({ key: z.string() });

/** Equal for two runs whose parts have the same content. */
export function planKey(plan: unknown): string {
  return createHash("sha256").update(JSON.stringify(plan)).digest("hex");
}

export function writePlan(folder: RunFolder, plan: { key: string }): void {
  writeFileSync(path.join(folder.path, planFile), `${JSON.stringify(plan, null, 2)}\n`);
}

export function partName(part: number, ending: string): string {
  return `part-${String(part).padStart(6, "0")}.${ending}`;
}

/**
 * Takes over the finished parts of an earlier run of the same plan that failed, was cancelled or lost its process. The
 * rename is what takes: of two runs at once only one gets them. Gives the numbers of the parts.
 */
export function takeFinishedParts(module: Module, folder: RunFolder, key: string): Set<number> {
  for (const { id, state } of listRuns(module)) {
    if (id === folder.id || state === "running" || state === "succeeded") continue;
    const earlier = runFolder(module, id);
    if (keyOf(earlier) !== key || !existsSync(earlier.parts)) continue;
    try {
      renameSync(earlier.parts, folder.parts);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") continue; // another run was faster
      throw error;
    }
    return partsIn(folder);
  }
  mkdirSync(folder.parts, { recursive: true });
  return new Set();
}

function partsIn(folder: RunFolder): Set<number> {
  const numbers = readdirSync(folder.parts).flatMap((file) => /^part-(\d+)\.(?!.*unfinished$)/.exec(file)?.[1] ?? []);
  return new Set(numbers.map(Number));
}

function keyOf(folder: RunFolder): string | undefined {
  const file = path.join(folder.path, planFile);
  if (!existsSync(file)) return undefined;
  return planSchema.safeParse(JSON.parse(readFileSync(file, "utf8"))).data?.key;
}
