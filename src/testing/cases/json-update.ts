import { applyEdits, type Edit, findNodeAtLocation, type JSONPath, modify, type Node, parseTree } from "jsonc-parser";
import { type Json, spaced } from "../values/notation.ts";
import type { CaseUpdate } from "./case.ts";
import { withoutMark } from "./exact-json.ts";

/** The file's text with the updates, each value on one line, and nothing else in it changed. */
export function updatedJson(text: string, updates: readonly CaseUpdate[]): string {
  return updates.reduce(
    (before, { each, expected, error }) =>
      Object.entries({ expected, error }).reduce(
        (fields, [name, value]) => applyEdits(fields, editsFor(fields, { place: each.place, name, value })),
        before,
      ),
    text,
  );
}

type Field = { place: JSONPath; name: string; value: Json | undefined };

function editsFor(text: string, { place, name, value }: Field): Edit[] {
  const read = withoutMark(text);
  const root = parseTree(read);
  const existing = root && findNodeAtLocation(root, [...place, name]);
  if (value === undefined) return existing ? modify(read, [...place, name], undefined, {}) : [];
  if (existing) return [{ offset: existing.offset, length: existing.length, content: spaced(value) }];
  const last = (root && findNodeAtLocation(root, place))?.children?.at(-1);
  if (!last) return [];
  const content = `,${gapBefore(read, last)}${JSON.stringify(name)}: ${spaced(value)}`;
  return [{ offset: last.offset + last.length, length: 0, content }];
}

/** What stands between a field and the one before it, or the bracket: a blank, or the end of a line and the indent. */
function gapBefore(text: string, field: Node): string {
  const gap = /\s*$/.exec(text.slice(0, field.offset))?.[0] ?? "";
  return gap.includes("\n") ? gap.slice(gap.lastIndexOf("\n") - (gap.includes("\r\n") ? 1 : 0)) : " ";
}
