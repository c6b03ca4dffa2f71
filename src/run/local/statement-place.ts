import { readFileSync } from "node:fs";
import path from "node:path";
import type { RequestOf } from "./messages.ts";

export type Statement = { field: "map" | "reduce"; sql: string };

/** `jobs/by-origin.job.ts:6:19` of a character of a statement; the line of its field where the text is put together. */
export function placeIn(
  { root, jobFile }: Pick<RequestOf<"plan">, "root" | "jobFile">,
  { field, sql }: Statement,
  position = 0,
): string {
  const source = readFileSync(path.resolve(root, jobFile), "utf8");
  const start = sql.trim() === "" ? -1 : source.indexOf(sql);
  if (start >= 0) {
    const before = source.slice(0, start + Math.max(0, position)).split("\n");
    return `${jobFile}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  }
  const at = source.search(new RegExp(`\\b${field}\\s*[:(]`));
  return at < 0 ? jobFile : `${jobFile}:${source.slice(0, at).split("\n").length}`;
}
