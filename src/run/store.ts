import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UdfError } from "../core/error.ts";
import { type RunEvent, type RunOutcome, runEventSchema } from "../core/events.ts";
import type { Module } from "../core/module.ts";
import { suggestion } from "../core/nearest.ts";
import type { Sanitizers } from "../core/sanitizers.ts";
import { eventsFile } from "./event-log.ts";
import { linesOf, tailOf } from "./line-reader.ts";
import { objectsFolder } from "./objects.ts";
import { cancelRequest, ownerIsAlive, ownerOf, type RunFolder, runFolder, runsFolder } from "./run-folder.ts";
import { addToSummary, emptySummary, type RunSummary, runSummarySchema } from "./summary.ts";

/** `lost`: its process ended without a word. */
export type RunState = "running" | RunOutcome | "lost";
export type RunRecord = {
  id: string;
  job: string;
  target: string;
  state: RunState;
  rows: number | null;
  seconds: number | null;
  /** The run takes only so many rows of the input; all where it is not given. */
  sampleRows?: number | undefined;
  /** The run looks for mistakes with these. */
  sanitize?: Sanitizers | undefined;
};

/** Older runs are removed, so that the folder does not grow for ever. */
const keptRuns = 50;
/** Each run that uses a copy of an artifact or config dates it anew. */
const keptObjectDays = 7;
const pollMilliseconds = 50;
/** A run that was asked to end and has not by then will not. */
const cancelMilliseconds = 10_000;

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

/**
 * The events of a run in order. A line that its process did not finish writing is left out. Throws RUN_UNREADABLE with
 * the line that is none of ours.
 */
export function* readEvents(module: Module, id: string): Generator<RunEvent> {
  const file = path.join(runFolder(module, id).path, eventsFile);
  if (!existsSync(file)) return;
  let number = 0;
  for (const line of linesOf(file)) {
    number += 1;
    yield parseEvent(line, `${file}:${number}`);
  }
}

function parseEvent(line: string, where: string): RunEvent {
  try {
    return runEventSchema.parse(JSON.parse(line));
  } catch (cause) {
    const next = "The file was changed or cut; remove the run.";
    throw new UdfError("RUN_UNREADABLE", { what: "this line is no event of a run", where, next, cause });
  }
}

/** How a run went, or goes. */
export function summaryOf(module: Module, id: string): RunSummary {
  const kept = readSummary(runFolder(module, id));
  if (kept) return kept;
  let summary = emptySummary(id, runFolder(module, id).path);
  for (const event of readEvents(module, id)) summary = addToSummary(summary, event);
  return summary;
}

/**
 * Asks the process that owns a run to end it with all its workers, and waits until it has. It is asked by a file in the
 * run's folder: a signal would end an editor that the run was started from. Throws RUN_UNKNOWN; RUN_FAILED where the
 * process does not answer.
 */
export async function cancelRun(
  module: Module,
  id: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<RunRecord> {
  let run = showRun(module, id);
  const folder = runFolder(module, id);
  if (run.state === "running") writeFileSync(cancelRequest(folder), "");
  const deadline = Date.now() + cancelMilliseconds;
  while (run.state === "running") {
    if (Date.now() > deadline) {
      throw new UdfError("RUN_FAILED", {
        what: `process ${ownerOf(folder)?.pid ?? "?"}, which the run belongs to, does not answer`,
        where: id,
        next: "End that process: its workers end with it.",
      });
    }
    await delay(pollMilliseconds, undefined, { signal });
    run = record(module, id);
  }
  return run;
}

/** Removes a run with its events and logs. Throws RUN_UNKNOWN; USAGE while it goes on. */
export function removeRun(module: Module, id: string): void {
  const { state } = showRun(module, id);
  if (state === "running") {
    throw new UdfError("USAGE", {
      what: "the run is still going on",
      where: id,
      next: `Cancel it first: "native-udf runs cancel ${id}".`,
    });
  }
  rmSync(runFolder(module, id).path, { recursive: true, force: true });
}

/** Removes the oldest runs beyond what is kept, and copies of artifacts and configs that no run has used for a while. */
export function removeOldRuns(module: Module): void {
  for (const id of runIds(module).slice(keptRuns)) {
    const folder = runFolder(module, id);
    if (!ownerIsAlive(folder)) rmSync(folder.path, { recursive: true, force: true });
  }
  const objects = objectsFolder(module);
  if (!existsSync(objects)) return;
  const oldest = Date.now() - keptObjectDays * 24 * 60 * 60 * 1000;
  for (const name of readdirSync(objects)) {
    const file = path.join(objects, name);
    if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) < oldest) rmSync(file, { force: true });
  }
}

const summaryFile = "summary.json";

/** Keeps the summary of a run that is over. */
export function writeSummary(folder: RunFolder, { error: _, ...summary }: RunSummary): void {
  const file = path.join(folder.path, summaryFile);
  writeFileSync(`${file}.unfinished`, JSON.stringify(summary));
  renameSync(`${file}.unfinished`, file);
}

function readSummary(folder: RunFolder): RunSummary | undefined {
  const file = path.join(folder.path, summaryFile);
  if (!existsSync(file)) return undefined;
  try {
    return runSummarySchema.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
  } catch {
    return undefined; // the events say the same
  }
}

function runIds(module: Module): string[] {
  const folder = runsFolder(module);
  return existsSync(folder) ? readdirSync(folder).sort().reverse() : [];
}

/** One whose files cannot be read is lost, and does not hide the others. */
function record(module: Module, id: string): RunRecord {
  try {
    const folder = runFolder(module, id);
    if (!readSummary(folder) && ownerIsAlive(folder) && !hasFinished(folder)) return goingOn(module, id);
    const { job, target, outcome, rows, seconds, sampleRows, sanitize } = summaryOf(module, id);
    const known = { id, job, target, sampleRows, sanitize };
    if (outcome !== "running") return { ...known, state: outcome, rows, seconds };
    return { ...known, state: "lost", rows: rows || null, seconds: null };
  } catch {
    return { id, job: id, target: "", state: "lost", rows: null, seconds: null };
  }
}

const tailBytes = 64 * 1024;

/** From the last event: the log may be long. */
function hasFinished(folder: RunFolder): boolean {
  const file = path.join(folder.path, eventsFile);
  if (!existsSync(file)) return false;
  const lines = tailOf(file, tailBytes).split("\n");
  const last = lines.at(-2); // after the last newline there is nothing, or a line that is being written
  if (last === undefined || lines.length < 3) return false; // the first line, or one that is longer than that
  return parseEvent(last, file).kind === "run.finished";
}

/** From the first event: the log of a run that goes on may be long, and is asked for often. */
function goingOn(module: Module, id: string): RunRecord {
  const [first] = readEvents(module, id);
  const queued = first?.kind === "run.queued" ? first : { job: "", target: "" };
  const { job, target, sampleRows, sanitize } = { sampleRows: undefined, sanitize: undefined, ...queued };
  return { id, job, target, state: "running", rows: null, seconds: null, sampleRows, sanitize };
}
