import { lstatSync, mkdirSync, readlinkSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";
import { endToolsIn } from "./orphans.ts";
import { statusFields } from "./process-status.ts";

const pollMilliseconds = 50;
/** Taking over takes microseconds; whoever holds it longer has died in the middle. */
const takeoverMilliseconds = 5000;

type Options = {
  signal?: AbortSignal | undefined;
  /** Called once when another build has to be waited for, with its process id. */
  onWait?: ((pid: number) => void) | undefined;
};

/**
 * Waits until no other build of the module runs, in this process or another, and gives the function that lets the
 * next one in. The lock of a process that has died is taken over. Throws CANCELLED when the signal aborts the wait.
 *
 * The lock is a symbolic link whose target names its owner: it is made with its content in one step, which a file
 * is not.
 */
export async function lockBuild(module: Module, { signal, onWait }: Options = {}): Promise<() => void> {
  mkdirSync(module.state, { recursive: true });
  const lock = lockPath(module);
  const self = ownerText(process.pid);
  for (let told = false; !link(self, lock); ) {
    const owner = readOwner(lock);
    if (owner === undefined) continue; // it has just been released
    if (isGone(owner)) {
      takeOver(module, owner);
      continue;
    }
    if (!told) onWait?.(parseOwner(owner).pid);
    told = true;
    await pause(signal, lock);
  }
  return () => {
    if (readOwner(lock) === self) rmSync(lock, { force: true });
  };
}

async function pause(signal: AbortSignal | undefined, lock: string): Promise<void> {
  try {
    await delay(pollMilliseconds, undefined, { signal });
  } catch (cause) {
    if (signal?.reason instanceof UdfError) throw signal.reason;
    throw new UdfError("CANCELLED", { what: "cancelled while another build was waited for", where: lock, cause });
  }
}

/** False where there is a link already. */
function link(target: string, file: string): boolean {
  try {
    symlinkSync(target, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Removes a dead owner's lock, but not one that somebody else has taken meanwhile: `guard` lets one process look at a time. */
function takeOver(module: Module, dead: string): void {
  const lock = lockPath(module);
  const guard = `${lock}.takeover`;
  if (!link(ownerText(process.pid), guard)) {
    const age = Date.now() - (lstatSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > takeoverMilliseconds) rmSync(guard, { force: true });
    return;
  }
  if (readOwner(lock) === dead) {
    endToolsIn(path.join(realpathSync(module.state), "build"));
    rmSync(lock, { force: true });
  }
  rmSync(guard, { force: true });
}

function lockPath(module: Module): string {
  return path.join(module.state, "build.lock");
}

function readOwner(lock: string): string | undefined {
  try {
    return readlinkSync(lock);
  } catch {
    return undefined;
  }
}

/** Process id, when it started, and the machine: a number alone may be another process's by now. */
function ownerText(pid: number): string {
  return `${pid}:${startTime(pid) ?? ""}:${hostname()}`;
}

function parseOwner(text: string): { pid: number; started: string; host: string } {
  const [pid = "", started = "", host = ""] = text.split(":");
  return { pid: Number(pid), started, host };
}

/** Another machine's processes cannot be seen; they count as alive. */
function isGone(owner: string): boolean {
  const { pid, started, host } = parseOwner(owner);
  if (host !== hostname() || !Number.isInteger(pid) || pid <= 0) return host === "";
  return !isRunning(pid) || (started !== "" && (startTime(pid) ?? started) !== started);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Clock ticks from the machine's start to the process's. Source: proc(5), field 22 of /proc/PID/stat; Linux only. */
function startTime(pid: number): string | undefined {
  return statusFields(pid)[19];
}
