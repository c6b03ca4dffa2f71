import { readdirSync, rmSync } from "node:fs";
import path from "node:path";

const ending = ".unfinished";

/** The name that a file has until it is whole. */
export function unfinished(file: string): string {
  return `${file}${ending}`;
}

/** Removes what processes that were killed have left in a folder. */
export function removeUnfinished(folder: string): void {
  for (const file of readdirSync(folder)) if (file.endsWith(ending)) rmSync(path.join(folder, file), { force: true });
}
