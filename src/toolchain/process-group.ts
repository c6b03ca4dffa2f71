import { setTimeout as delay } from "node:timers/promises";

/** How long a process may take to end by itself before it is killed, in milliseconds. */
const graceMilliseconds = 1000;
const pollMilliseconds = 10;

/** Groups that this process has started and that still run: they must not outlive it. */
const running = new Set<number>();

process.on("exit", () => {
  for (const leader of running) signalGroup(leader, "SIGKILL");
});

/** Remembers the group of a process that was started detached; gives what forgets it again and ends what is left of it. */
export function ownGroup(leader: number): () => void {
  running.add(leader);
  return () => {
    signalGroup(leader, "SIGKILL");
    running.delete(leader);
  };
}

/** Ends every process of the group: asks first (SIGTERM), kills what is there a second later. Never throws. */
export async function endGroup(leader: number): Promise<void> {
  signalGroup(leader, "SIGTERM");
  const deadline = Date.now() + graceMilliseconds;
  while (Date.now() < deadline && groupLives(leader)) await delay(pollMilliseconds);
  signalGroup(leader, "SIGKILL");
}

function groupLives(leader: number): boolean {
  return signalGroup(leader, 0);
}

/** False where no process of the group is left (or none that we may signal). */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(process.platform === "win32" ? leader : -leader, signal);
  } catch {
    return false;
  }
}
