import { messageOf } from "../core/error.ts";
import { onPath } from "./on-path.ts";
import { runTool } from "./run-tool.ts";

/** A program that will do. */
export type Found = { path: string; version: string };

/** What a search found, and the places that were tried, each with why it was taken or refused. */
export type Probe = { found: Found | undefined; tried: string[]; tooOld: boolean };

/** What a program says of itself: a version that will do, or why it will not. */
export type Inspection = { accepted: true; version: string } | { accepted: false; tooOld: boolean; reason: string };

export type Wanted = {
  /** The environment variable that names the program; where it is set, nothing else is tried. */
  variable?: string;
  /** Names on the PATH, in the order they are tried. */
  candidates: readonly string[];
  inspect: (path: string, signal: AbortSignal | undefined) => Promise<Inspection>;
  signal?: AbortSignal | undefined;
};

/** The first candidate that runs and is accepted. */
export async function probe({ variable, candidates, inspect, signal }: Wanted): Promise<Probe> {
  const chosen = variable && process.env[variable];
  const tried: string[] = [];
  let tooOld = false;
  for (const candidate of chosen ? [chosen] : candidates) {
    const shown = chosen ? `${variable}=${candidate}` : candidate;
    const path = onPath(candidate);
    if (!path) {
      tried.push(`${shown}: not found`);
      continue;
    }
    const inspection = await inspectSafely(() => inspect(path, signal), signal);
    const place = chosen ? `${variable}=${path}` : path;
    if (inspection.accepted) {
      tried.push(`${place}: version ${inspection.version}, chosen`);
      return { found: { path, version: inspection.version }, tried, tooOld: false };
    }
    tooOld ||= inspection.tooOld;
    tried.push(`${place}: ${inspection.reason}`);
  }
  return { found: undefined, tried, tooOld };
}

/** A program that cannot be run is one that will not do; only the caller's own cancelling ends the search. */
async function inspectSafely(inspect: () => Promise<Inspection>, signal: AbortSignal | undefined): Promise<Inspection> {
  try {
    return await inspect();
  } catch (error) {
    if (signal?.aborted) throw error;
    return { accepted: false, tooOld: false, reason: messageOf(error) };
  }
}

/** Accepts a program whose `--version` names a version that is not older than `oldest`, such as `3.18`. */
export function atLeast(oldest: string): Wanted["inspect"] {
  return async (path, signal) => {
    const { exitCode, stdout, stderr } = await runTool({ command: path, args: ["--version"], signal });
    const version = /\d+\.\d+(?:\.\d+)*/.exec(`${stdout}\n${stderr}`)?.[0];
    if (exitCode !== 0 || !version) {
      return { accepted: false, tooOld: false, reason: `it does not tell its version (exit code ${exitCode})` };
    }
    return acceptFrom(version, oldest);
  };
}

/** Compares dotted versions by number: 3.9 is older than 3.18. */
export function acceptFrom(version: string, oldest: string): Inspection {
  const wanted = oldest.split(".").map(Number);
  const given = version.split(".").map(Number);
  for (const [index, part] of wanted.entries()) {
    const difference = (given[index] ?? 0) - part;
    if (difference > 0) break;
    if (difference < 0) {
      return { accepted: false, tooOld: true, reason: `version ${version} is older than ${oldest}` };
    }
  }
  return { accepted: true, version };
}
