import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import type { Module } from "../../core/module.ts";
import { type RunFolder, runFolder } from "../run-folder.ts";
import { listRuns } from "../store.ts";
import { badRowsFile } from "./bad-row.ts";

const planFile = "plan.json";
const planSchema = z.object({ key: z.string() });

/** Equal for two runs whose parts have the same content. */
export function planKey(plan: unknown): string {
  return createHash("sha256").update(JSON.stringify(plan)).digest("hex");
}

export function writePlan(folder: RunFolder, plan: { key: string }): void {
  writeFileSync(path.join(folder.path, planFile), `${JSON.stringify(plan, null, 2)}\n`);
}

/**
 * Takes over the finished parts of an earlier run of the same plan that failed, was cancelled or lost its process. The
 * rename is what takes: of two runs at once only one gets them. Gives the paths of the parts; makes the folder.
 */
export function takeFinishedParts(module: Module, folder: RunFolder, key: string): string[] {
  for (const { id, state } of listRuns(module)) {
    if (id === folder.id || state === "running" || state === "succeeded") continue;
    const earlier = runFolder(module, id);
    if (!existsSync(earlier.parts) || keyOf(earlier) !== key || finishedIn(earlier).length === 0) continue;
    try {
      renameSync(earlier.parts, folder.parts);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") continue; // another run was faster
      throw error;
    }
    const finished = finishedIn(folder);
    for (const file of readdirSync(folder.parts)) {
      const kept = finished.some((part) => [part, badRowsFile(part)].includes(path.join(folder.parts, file)));
      if (!kept) rmSync(path.join(folder.parts, file));
    }
    return finished;
  }
  mkdirSync(folder.parts, { recursive: true });
  return [];
}

function finishedIn({ parts }: RunFolder): string[] {
  const files = readdirSync(parts).filter((file) => /^part-\d{6}\.[a-z]+$/.test(file));
  return files.map((file) => path.join(parts, file));
}

function keyOf(folder: RunFolder): string | undefined {
  const file = path.join(folder.path, planFile);
  if (!existsSync(file)) return undefined;
  try {
    return planSchema.safeParse(JSON.parse(readFileSync(file, "utf8"))).data?.key;
  } catch {
    return undefined; // cut off by a full disk
  }
}
