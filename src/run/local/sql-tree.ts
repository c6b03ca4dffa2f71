import * as z from "zod";

/*
 * The syntax tree of a statement. Source: DuckDB's `json_serialize_sql`. What is not looked at is walked through.
 */

export const nodeSchema = z.record(z.string(), z.unknown());
export type Node = z.infer<typeof nodeSchema>;

/** At which character of the statement a node is, where the tree says so. */
export function positionOf(node: Node): { position?: number } {
  const position = node.query_location;
  return typeof position === "number" && position >= 0 && position < 2 ** 31 ? { position } : {};
}

/** Visits every object below `value`, outermost first, until `visit` gives something. */
export function walk<Found>(value: unknown, visit: (node: Node) => Found | undefined): Found | undefined {
  if (Array.isArray(value)) {
    for (const each of value) {
      const found = walk(each, visit);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const node = nodeSchema.safeParse(value);
  if (!node.success) return undefined;
  return visit(node.data) ?? walk(Object.values(node.data), visit);
}

/** As `walk`, but visits calls of functions only, those over windows too. */
export function calls<Found>(value: unknown, visit: (node: Node) => Found | undefined): Found | undefined {
  return walk(value, (node) => {
    const isCall = node.class === "FUNCTION" || node.class === "WINDOW";
    return isCall && typeof node.function_name === "string" ? visit(node) : undefined;
  });
}
