import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
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
  mkdirSync(runsFolder(module), { recursive: true });
  mkdirSync(folder.path); // fails if it is another run's
  mkdirSync(folder.logs);
  mkdirSync(folder.temporary);
  writeFileSync(
    path.join(folder.path, ownerFile),
    JSON.stringify({ pid: process.pid, started: processStart(process.pid) }),
  );
  return folder;
}

const ownerFile = "owner.json";
const ownerSchema = z.object({ pid: z.number().int(), started: z.string().nullable() });

/** The process that began the run; undefined where the folder does not say (yet). */
export function ownerOf(folder: RunFolder): { pid: number; started: string | null } | undefined {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(path.join(folder.path, ownerFile), "utf8")));
  } catch {
    return undefined; // being written, or cut off by a full disk
  }
}

/** True while the process that began the run is there; a process that has got the same id since is another one. */
export function ownerIsAlive(folder: RunFolder): boolean {
  const owner = ownerOf(folder);
  if (!owner) return false;
  const now = processStart(owner.pid);
  return now !== null && now === owner.started;
}

/** When a process began, as text that is equal for the same process only; null where there is none. */
export function processStart(pid: number): string | null {
  return process.platform === "linux" ? startOnLinux(pid) : startByPs(pid);
}

/** In clock ticks since boot. Source: proc(5), /proc/pid/stat, fields 3 (state) and 22 (starttime). */
function startOnLinux(pid: number): string | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return null;
  }
  // the name before it may hold blanks and parentheses
  const [state, ...fields] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return state === "Z" ? null : (fields[18] ?? null);
}

function startByPs(pid: number): string | null {
  const { status, stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}

/** `runs cancel` puts this file into the run's folder; the owner looks for it. */
export function cancelRequest(folder: RunFolder): string {
  return path.join(folder.path, "cancel");
}
