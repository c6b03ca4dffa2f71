/**
 * Where a job's source has the field of a path such as `["input", "path"]`: line and column, counted from 1. The nearest
 * field above it that is there, or the first line, where it has none.
 */
export function placeOfField(source: string, field: readonly PropertyKey[]): { line: number; column: number } {
  let offset = 0;
  for (const key of field) {
    const name = String(key).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const found = new RegExp(`(?<![\\w$])["']?${name}["']?\\s*[:,(}]`).exec(source.slice(offset));
    if (!found) break;
    offset += found.index;
  }
  const before = source.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
