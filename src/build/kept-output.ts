import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";

/** What each step of a build has printed: compilers say a thing once, and not again while the file is up to date. */
type Printed = ReadonlyMap<string, string>;

const keptSchema = z.record(z.string(), z.string());

/** The line that comes before a step's text: `[3/7] Building CXX object …` (ninja) or `[ 42%] Building …` (make). */
const stepLine = /^\[\s*(?:\d+\/\d+|\d+%)\] .*?(?<output>\S+)$/;

/** What a build tool printed, by the file that each step makes. Text that belongs to no step is make's: all of it as one. */
export function printedBySteps(stdout: string, stderr: string): Map<string, string> {
  const printed = new Map<string, string>();
  let step: string | undefined;
  for (const line of stdout.split("\n")) {
    const next = stepLine.exec(line)?.groups?.output;
    if (next !== undefined) {
      step = next;
      printed.set(step, "");
    } else if (step !== undefined && !line.startsWith("ninja: ")) printed.set(step, `${printed.get(step)}${line}\n`);
  }
  if (printed.size > 0) printed.set("", stderr);
  return printed;
}

/** What is kept of earlier builds in the folder, without the steps that have run again or whose file has gone. */
export function keptOutput(folder: string, ranAgain: Printed = new Map()): Map<string, string> {
  const kept = Object.entries(readKept(folder));
  const isThere = (step: string) => !step.endsWith(".o") || existsSync(path.join(folder, step));
  return new Map(kept.filter(([step]) => !ranAgain.has(step) && isThere(step)));
}

/** Keeps what the steps have printed, but not of those that failed: they run again. */
export function keepOutput(folder: string, printed: Printed): void {
  const lasting = [...printed].filter(([, text]) => text.trim() !== "" && !text.startsWith("FAILED: "));
  const all = new Map([...keptOutput(folder, printed), ...lasting]);
  writeFileSync(`${keptFile(folder)}.unfinished`, JSON.stringify(Object.fromEntries(all)));
  renameSync(`${keptFile(folder)}.unfinished`, keptFile(folder));
}

function readKept(folder: string): Record<string, string> {
  try {
    return keptSchema.parse(JSON.parse(readFileSync(keptFile(folder), "utf8")));
  } catch {
    return {}; // nothing is kept, or of another version of this program
  }
}

function keptFile(folder: string): string {
  return path.join(folder, "native-udf-output.json");
}
