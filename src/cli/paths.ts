import path from "node:path";
import { isAddress } from "../core/job.ts";

/** The path as a user in the current folder would type it; an address as it is. */
export function relativePath(file: string): string {
  if (isAddress(file)) return file;
  const relative = path.relative(process.cwd(), file);
  return relative === "" ? "." : relative.startsWith("../../..") ? file : relative;
}

/**
 * A path as a POSIX shell takes it: in quotes where it holds a space or another character with a meaning, and never as an
 * option.
 */
export function shellWord(file: string): string {
  const path = file.startsWith("-") ? `./${file}` : file;
  return /^[\w./+@%:,=-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
