import { messageOf } from "../core/error.ts";
import { onPath } from "./on-path.ts";
import { runTool } from "./run-tool.ts";

/** What a search found: the program and its version, or only the places that were tried, each with why it was refused. */
export type Found = { path: string; version: string } | undefined;
export type Probe = { found: Found; tried: string[]; tooOld: boolean };

export type Wanted = {
  /** Programs in the order they are tried: names on the PATH, or paths. An undefined entry is an unset variable. */
  candidates: readonly (string | undefined)[];
  /** Oldest version that will do, such as `3.18`. */
  oldest?: string;
  versionArgs?: readonly string[];
  signal?: AbortSignal | undefined;
};

/** The first candidate that runs and is new enough. */
export async function probe({ candidates, oldest, versionArgs = ["--version"], signal }: Wanted): Promise<Probe> {
  const tried: string[] = [];
  let tooOld = false;
  for (const candidate of candidates) {
    if (!candidate) continue;
    const path = onPath(candidate);
    if (!path) {
      tried.push(`${candidate}: not found`);
      continue;
    }
    const version = await versionOf({ path, versionArgs, signal });
    if (version.error !== undefined) tried.push(`${path}: ${version.error}`);
    else if (oldest && compare(version.text, oldest) < 0) {
      tooOld = true;
      tried.push(`${path}: version ${version.text} is older than ${oldest}`);
    } else {
      tried.push(`${path}: version ${version.text}, chosen`);
      return { found: { path, version: version.text }, tried, tooOld: false };
    }
  }
  return { found: undefined, tried, tooOld };
}

type Version = { text: string; error?: undefined } | { error: string };

async function versionOf(options: {
  path: string;
  versionArgs: readonly string[];
  signal: AbortSignal | undefined;
}): Promise<Version> {
  const { path, versionArgs, signal } = options;
  try {
    const { exitCode, stdout, stderr } = await runTool({ command: path, args: versionArgs, signal });
    const text = /\d+\.\d+(?:\.\d+)*/.exec(`${stdout}\n${stderr}`)?.[0];
    return exitCode === 0 && text ? { text } : { error: `it does not tell its version (exit code ${exitCode})` };
  } catch (error) {
    signal?.throwIfAborted();
    return { error: messageOf(error) };
  }
}

function compare(left: string, right: string): number {
  const a = left.split(".").map(Number);
  const b = right.split(".").map(Number);
  for (let index = 0; index < b.length; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
