import { execFileSync } from "node:child_process";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

export type Sample = { name: string; seconds: number[] };

/** Runs the named commands in turn, `rounds` times, so that what the machine does meanwhile hits all of them alike. */
export async function interleaved(
  rounds: number,
  commands: Record<string, () => Promise<number>>,
): Promise<Record<string, number[]>> {
  const samples: Record<string, number[]> = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(commands)) samples[name]?.push(await run());
  }
  return samples;
}

/** Wall time of one whole process, in seconds. Throws with what it wrote when it fails. */
export function timeProcess(command: string, args: readonly string[], cwd: string): number {
  const start = performance.now();
  execFileSync(command, [...args], { cwd, stdio: ["ignore", "ignore", "pipe"] });
  return (performance.now() - start) / 1000;
}

export function median(values: readonly number[] | undefined): number {
  const sorted = [...(values ?? [])].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("there are no measurements");
  return middle;
}

/** Before memory is measured. What buffers held is freed a moment after they are. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  for (let time = 0; time < 3; time++) {
    runInNewContext("gc")();
    await turn();
  }
}
