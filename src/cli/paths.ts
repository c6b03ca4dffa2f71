import path from "node:path";

/** The path as a user in the current folder would type it. */
export function relativePath(file: string): string {
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
