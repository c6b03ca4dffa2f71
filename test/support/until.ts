import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** Waits for a condition; the test runner's own limit is what ends the wait for one that never comes. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(10);
}

/** True while the process is there; one that has ended and is not yet reaped is not. */
export function processLives(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return false;
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(file, "latin1"));
  } catch {
    return false;
  }
}
