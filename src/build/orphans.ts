import { readdirSync, readlinkSync } from "node:fs";
import path from "node:path";
import { statusFields } from "./process-status.ts";

/**
 * Ends the build tools that work in a folder or below it and whose owner was killed: they would go on writing there
 * beside the next build. A tool has a session of its own and no terminal, so that a shell that a person has opened in
 * the folder is left alone. Linux only (/proc); does nothing elsewhere.
 */
export function endToolsIn(folder: string): void {
  for (const pid of processIds()) {
    const place = workingFolder(pid);
    const isInside = place === folder || place?.startsWith(`${folder}${path.sep}`);
    if (!isInside || !hasNoTerminal(pid)) continue;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it has just ended
    }
  }
}

function processIds(): number[] {
  try {
    return readdirSync("/proc")
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid !== process.pid);
  } catch {
    return [];
  }
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined; // gone, or another user's
  }
}

/** Source: proc(5), fields 6 (session) and 7 (tty_nr) of /proc/PID/stat. */
function hasNoTerminal(pid: number): boolean {
  const [, , , session, terminal] = statusFields(pid);
  return terminal === "0" && session !== statusFields(process.pid)[3];
}
