import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { Module } from "../core/module.ts";

/** The files of one run, `.native-udf/runs/<id>/`. */
export type RunFolder = { id: string; path: string; parts: string; staged: string; logs: string; temporary: string };

export function runsFolder(module: Module): string {
  return path.join(module.state, "runs");
}

export function runFolder(module: Module, id: string): RunFolder {
  const folder = path.join(runsFolder(module), id);
  const [parts, staged, logs, temporary] = ["parts", "staged", "logs", "tmp"].map((name) => path.join(folder, name));
  return { id, path: folder, parts: parts ?? "", staged: staged ?? "", logs: logs ?? "", temporary: temporary ?? "" };
}

/** Makes the folder of a new run. The id sorts by time: `20261121-104210-by-origin-a1b2`. */
export function createRunFolder(module: Module, job: string): RunFolder {
  const time = new Date().toISOString().replaceAll(/[-:]/g, "").replace("T", "-").slice(0, 15);
  const name = job.replaceAll(/[^A-Za-z0-9_-]+/g, "-");
  const folder = runFolder(module, `${time}-${name}-${randomBytes(2).toString("hex")}`);
  for (const each of [folder.path, folder.logs, folder.temporary]) mkdirSync(each, { recursive: true });
  writeFileSync(
    path.join(folder.path, ownerFile),
    JSON.stringify({ pid: process.pid, started: processStart(process.pid) }),
  );
  return folder;
}

const ownerFile = "owner.json";
const ownerSchema = z.object({ pid: z.number().int(), started: z.string().nullable() });

/** True while the process that began the run is there; a process that has got the same id since is another one. */
export function ownerIsAlive(folder: RunFolder): boolean {
  const file = path.join(folder.path, ownerFile);
  if (!existsSync(file)) return false;
  const { pid, started } = ownerSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  const now = processStart(pid);
  return now !== null && now === started;
}

/** When a process began, in clock ticks since boot; null where there is none. Source: proc(5), /proc/pid/stat, field 22. */
function processStart(pid: number): string | null {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return null;
  const text = readFileSync(file, "latin1");
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

/** `runs cancel` puts this file into the run's folder; the owner looks for it. */
export function cancelRequest(folder: RunFolder): string {
  return path.join(folder.path, "cancel");
}
