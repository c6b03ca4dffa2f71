import path from "node:path";

/** The path as a user in the current folder would type it. */
export function relativePath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative === "" ? "." : relative.startsWith("../../..") ? file : relative;
}
