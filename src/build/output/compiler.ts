import type { Diagnostic, Location } from "../../core/diagnostic.ts";
import { distinct } from "./distinct.ts";
import type { SourcePlaces } from "./source-places.ts";

/*
 * The text form is read, not JSON or SARIF: it is the one form that g++ of every version and clang share
 * (g++ 9 to 14 have JSON, 13 and later SARIF, clang's SARIF is unstable), and it is what the author sees.
 */
const severities = "fatal error|internal compiler error|error|sorry, unimplemented|warning|note";
const finding = new RegExp(
  `^(?<file>[^\\s:][^:]*):(?<line>\\d+):(?:(?<column>\\d+):)? (?<severity>${severities}): (?<message>.*)$`,
);
const placeless =
  /^(?:\S*\/)?(?:cc1plus|lto1|(?:[\w-]*-)?(?:c|g|clang)\+\+[\w.-]*|clang[\w.-]*): (?<severity>fatal error|internal compiler error|error): (?!linker command failed)(?<message>.*)$/;
const expansion =
  /^(?<file>[^\s:][^:]*):(?<line>\d+):(?:(?<column>\d+):)?\s+(?<message>(?:recursively )?required (?:from|by|for) .*|in '(?:constexpr|consteval)' expansion of .*)$/;
const included = /^(?:In file included from|\s+from) (?<file>[^:]+):(?<line>\d+)(?::\d+)?[,:]$/;
const leadsHere = / requested here$|^in expansion of macro /;
const option = / \[(?<code>-W[^\]]+)\]$/;

type Groups = Record<string, string | undefined>;
type Step = { message: string; location: Location; authors: boolean };
/** How the compiler came to a place, nearest first: instantiations and expansions, then includes. */
type Path = { expansions: Step[]; includes: Step[] };
type Open = { diagnostic: Diagnostic; authors: boolean; path: Path };

/**
 * Diagnostics in the text that g++ or clang printed, in order, each once. One whose place is not the author's, such
 * as a template error inside a library header, is moved to the author's line nearest to it; the original place is
 * kept as related.
 */
export function parseCompilerOutput(text: string, places: SourcePlaces): Diagnostic[] {
  const found: Open[] = [];
  // g++ prints the includes of a header once, not again for a second finding in it
  const includesOf = new Map<string, Step[]>();
  let path: Path = { expansions: [], includes: [] };
  for (const line of text.split("\n")) {
    const match = finding.exec(line)?.groups;
    if (match) {
      const file = match.file ?? "";
      if (path.includes.length > 0) includesOf.set(file, path.includes);
      else path.includes = includesOf.get(file) ?? [];
      const step = stepAt(match, places);
      if (match.severity === "note") addNote(found.at(-1), step);
      else found.push({ diagnostic: diagnosticOf(match, step.location), authors: step.authors, path });
      path = { expansions: [], includes: [] };
      continue;
    }
    const bare = placeless.exec(line)?.groups;
    if (bare) {
      found.push({ diagnostic: diagnosticOf(bare), authors: true, path: { expansions: [], includes: [] } });
      continue;
    }
    const expanded = expansion.exec(line)?.groups;
    if (expanded) path.expansions.push(stepAt(expanded, places));
    const includer = included.exec(line)?.groups;
    if (includer) path.includes.push(stepAt({ ...includer, message: "included from here" }, places));
  }
  return distinct(found.map(anchorAtAuthor));
}

function addNote(current: Open | undefined, step: Step): void {
  if (leadsHere.test(step.message)) current?.path.expansions.push(step);
  else current?.diagnostic.related.push(withoutOwner(step));
}

function diagnosticOf(match: Groups, location?: Location): Diagnostic {
  const message = match.message ?? "";
  const code = option.exec(message)?.groups?.code;
  return {
    severity: match.severity === "warning" ? "warning" : "error",
    origin: "compile",
    message: code ? message.replace(option, "") : message,
    ...(code ? { code } : {}),
    ...(location ? { location } : {}),
    related: [],
  };
}

function anchorAtAuthor({ diagnostic, authors, path }: Open): Diagnostic {
  const related = [...path.expansions.map(withoutOwner), ...diagnostic.related, ...path.includes.map(withoutOwner)];
  const anchor = [...path.expansions, ...path.includes].find((step) => step.authors);
  if (authors || !anchor || !diagnostic.location) return { ...diagnostic, related };
  const origin = { message: "the error was found here", location: diagnostic.location };
  return { ...diagnostic, location: anchor.location, related: [origin, ...related] };
}

function withoutOwner({ message, location }: Step): Diagnostic["related"][number] {
  return { message, location };
}

function stepAt(match: Groups, places: SourcePlaces): Step {
  const location = places.location({
    file: match.file ?? "",
    line: Math.max(1, Number(match.line)),
    column: match.column === undefined ? undefined : Math.max(1, Number(match.column)),
  });
  return { message: match.message ?? "", location, authors: places.isAuthors(match.file ?? "") };
}
