import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UdfError } from "../core/error.ts";
import { type RunEvent, type RunOutcome, runEventSchema } from "../core/events.ts";
import type { Module } from "../core/module.ts";
import { suggestion } from "../core/nearest.ts";
import { eventsFile } from "./event-log.ts";
import { cancelRequest, ownerIsAlive, runFolder, runsFolder } from "./run-folder.ts";
import { addToSummary, emptySummary, type RunSummary } from "./summary.ts";

/** `lost`: its process ended without a word. */
export type RunState = "running" | RunOutcome | "lost";
export type RunRecord = {
  id: string;
  job: string;
  target: string;
  state: RunState;
  rows: number | null;
  seconds: number | null;
};

/** Older runs are removed, so that the folder does not grow for ever. */
const keptRuns = 50;
const pollMilliseconds = 50;

/** All runs that are kept, newest first. */
export function listRuns(module: Module): RunRecord[] {
  return runIds(module).map((id) => record(module, id));
}

/** A run by its id; the newest where none is given. Throws RUN_UNKNOWN. */
export function showRun(module: Module, id?: string): RunRecord {
  const ids = runIds(module);
  const found = id === undefined ? ids[0] : ids.find((candidate) => candidate === id);
  if (found) return record(module, found);
  throw new UdfError("RUN_UNKNOWN", {
    what: id === undefined ? "there are no runs yet" : `there is no run "${id}"`,
    where: runsFolder(module),
    next: id === undefined ? 'Start one with "native-udf submit <job>".' : suggestion(id, ids.slice(0, 5)),
  });
}

/** The events of a run in order. A line that its process did not finish writing is left out. */
export function* readEvents(module: Module, id: string): Generator<RunEvent> {
  const file = path.join(runFolder(module, id).path, eventsFile);
  if (!existsSync(file)) return;
  const lines = readFileSync(file, "utf8").split("\n");
  lines.pop();
  for (const line of lines) yield runEventSchema.parse(JSON.parse(line));
}

export function summaryOf(module: Module, id: string): RunSummary {
  let summary = emptySummary(id, runFolder(module, id).path);
  for (const event of readEvents(module, id)) summary = addToSummary(summary, event);
  return summary;
}

/** Asks the process that owns a run to end it with all its workers, and waits until it has. Throws RUN_UNKNOWN. */
export async function cancelRun(
  module: Module,
  id: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<RunRecord> {
  let run = showRun(module, id);
  if (run.state === "running") writeFileSync(cancelRequest(runFolder(module, id)), "");
  while (run.state === "running") {
    await delay(pollMilliseconds, undefined, { signal });
    run = showRun(module, id);
  }
  return run;
}

/** Removes the oldest runs beyond what is kept. */
export function removeOldRuns(module: Module): void {
  for (const id of runIds(module).slice(keptRuns)) {
    const folder = runFolder(module, id);
    if (!ownerIsAlive(folder)) rmSync(folder.path, { recursive: true, force: true });
  }
}

function runIds(module: Module): string[] {
  const folder = runsFolder(module);
  return existsSync(folder) ? readdirSync(folder).sort().reverse() : [];
}

function record(module: Module, id: string): RunRecord {
  const { job, target, outcome, rows, seconds } = summaryOf(module, id);
  if (outcome !== "running") return { id, job, target, state: outcome, rows, seconds };
  const state = ownerIsAlive(runFolder(module, id)) ? "running" : "lost";
  return { id, job, target, state, rows: rows || null, seconds: null };
}
