import type { Diagnostic, Location } from "../../core/diagnostic.ts";
import type { SourcePlaces } from "./source-places.ts";

/** `route.cpp.o: in function `route()':`, which is said once for the findings that follow. */
const inFunction = /^(?:\S*\bld(?:\.\w+)?: )?\S+: in function `(?<name>.*)':$/;
/** `src/route.cpp:41: undefined reference to …` (GNU ld, debug info at hand), or `route.cpp:(.text+0x11): …`. */
const atPlace =
  /^(?:\S*\bld(?:\.\w+)?: )?(?:[^\s:]+\.o:)?(?<file>[^\s:][^:]*):(?:(?<line>\d+)|\([^)]*\)): (?<message>(?:undefined reference to|multiple definition of) .*)$/;
const firstDefinition = /; (?:[^\s:]+\.o:)?(?<file>[^\s:]+):(?:(?<line>\d+)|\([^)]*\)): first defined here$/;
const said =
  /^(?:\S*\bld(?:\.\w+)?|collect2)(?: ?: (?<severity>error|fatal error|warning))?: (?:\S+\.(?:o|a|so)(?:\([^)]*\))?: )?(?<message>.*)$/;
/** What GNU ld says without the word "error". */
const failure =
  /^(?:cannot |undefined symbol|duplicate symbol|unable to find|relocation |hidden symbol|unrecognized |unknown |final link failed|file (?:format )?not recognized|file too short|DSO missing|skipping incompatible|failed to )/;
const lldPlace = /^>>> (?:referenced by|defined at) (?:[^\s:]+:\d+ \()?(?<file>[^\s:()]+):(?<line>\d+)\)?$/;

/** Diagnostics in what GNU ld, gold or lld printed; what is missing or doubled in several places is one, with the others related. */
export function parseLinkerOutput(text: string, places: SourcePlaces): Diagnostic[] {
  const byMessage = new Map<string, Diagnostic>();
  const locate = (file: string | undefined, line: string | undefined): Location | undefined =>
    file && line ? places.location({ file, line: Math.max(1, Number(line)) }) : undefined;
  let last: Diagnostic | undefined;
  let user = "";
  for (const line of text.split("\n")) {
    const name = inFunction.exec(line)?.groups?.name;
    if (name) {
      user = name;
      continue;
    }
    const placed = atPlace.exec(line)?.groups;
    if (placed) {
      const message = quoted((placed.message ?? "").replace(firstDefinition, ""));
      const location = locate(placed.file, placed.line);
      const isUse = message.startsWith("undefined");
      last = add({ byMessage, message, location, also: isUse ? "also used here" : "defined again here" });
      if (!location && isUse && user && !last.details) last.details = `It is used in ${user} (${placed.file}).`;
      const first = firstDefinition.exec(line)?.groups;
      const firstAt = locate(first?.file, first?.line);
      if (firstAt) last.related.push({ message: "first defined here", location: firstAt });
      continue;
    }
    const bare = said.exec(line)?.groups;
    if (bare?.message && (bare.severity || failure.test(bare.message)) && !/^ld returned \d/.test(bare.message)) {
      last = add({ byMessage, message: quoted(bare.message), location: undefined, also: "" });
      if (bare.severity === "warning") last.severity = "warning";
      continue;
    }
    const place = lldPlace.exec(line)?.groups;
    if (place && last) {
      const also = last.message.startsWith("undefined") ? "also used here" : "also defined here";
      add({ byMessage, message: last.message, location: locate(place.file, place.line), also });
    }
  }
  return [...byMessage.values()];
}

/** GNU ld quotes `like this'. */
function quoted(message: string): string {
  return message.replace(/`([^`']*)'/g, "'$1'");
}

type Addition = {
  byMessage: Map<string, Diagnostic>;
  message: string;
  location: Location | undefined;
  /** What a second place is called. */
  also: string;
};

function add({ byMessage, message, location, also }: Addition): Diagnostic {
  const known = byMessage.get(message);
  if (!known) {
    const diagnostic: Diagnostic = { severity: "error", origin: "link", message, related: [] };
    if (location) diagnostic.location = location;
    byMessage.set(message, diagnostic);
    return diagnostic;
  }
  if (location && !known.location) known.location = location;
  else if (location) known.related.push({ message: also, location });
  return known;
}
