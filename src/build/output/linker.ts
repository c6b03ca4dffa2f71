import type { Diagnostic } from "../../core/diagnostic.ts";
import type { SourcePlaces } from "./source-places.ts";

/** `./src/route.cpp:41: undefined reference to …` (GNU ld with debug info), or `route.cpp:(.text+0x11): …` without. */
const atPlace =
  /^(?:\S*ld(?:\.\w+)?: )?(?<file>[^\s:][^:]*):(?:(?<line>\d+)|\([^)]*\)): (?<message>(?:undefined reference to|multiple definition of) .*)$/;
const plain =
  /^(?:\S*\bld(?:\.\w+)?|collect2|clang(?:\+\+)?)(?:: error)?: (?:error: )?(?<message>(?:cannot find|undefined symbol|duplicate symbol|unable to find library|relocation|hidden symbol|unrecognized).*)$/;
const lldReference = /^>>> referenced by (?<file>[^\s:]+):(?<line>\d+)/;

/** Diagnostics in what GNU ld, gold or lld printed; a symbol that is missing in several places gives one diagnostic with the others related. */
export function parseLinkerOutput(text: string, places: SourcePlaces): Diagnostic[] {
  const byMessage = new Map<string, Diagnostic>();
  let last: Diagnostic | undefined;
  for (const line of text.split("\n")) {
    const placed = atPlace.exec(line)?.groups;
    if (placed) {
      const location = placed.line
        ? places.location({ file: placed.file ?? "", line: Math.max(1, Number(placed.line)) })
        : undefined;
      last = add(byMessage, placed.message ?? "", location);
      continue;
    }
    const bare = plain.exec(line)?.groups;
    if (bare) {
      last = add(byMessage, bare.message ?? "", undefined);
      continue;
    }
    const reference = lldReference.exec(line)?.groups;
    if (reference && last) {
      const location = places.location({ file: reference.file ?? "", line: Math.max(1, Number(reference.line)) });
      last = add(byMessage, last.message, location);
    }
  }
  return [...byMessage.values()];
}

function add(byMessage: Map<string, Diagnostic>, message: string, location: Diagnostic["location"]): Diagnostic {
  const key = message.replace(/; .*$/, "");
  const known = byMessage.get(key);
  if (!known) {
    const diagnostic: Diagnostic = { severity: "error", origin: "link", message, related: [] };
    if (location) diagnostic.location = location;
    byMessage.set(key, diagnostic);
    return diagnostic;
  }
  if (location && !known.location) known.location = location;
  else if (location) known.related.push({ message: "also here", location });
  return known;
}
