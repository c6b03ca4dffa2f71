import type { Diagnostic, Location } from "../../core/diagnostic.ts";
import type { SourcePlaces } from "./source-places.ts";

/*
 * The text form is read, not JSON or SARIF: it is the one form that g++ of every version and clang share
 * (g++ 9 to 14 have JSON, 13 and later SARIF, clang's SARIF is unstable), and it is what the author sees.
 */
const finding =
  /^(?<file>[^\s:][^:]*):(?<line>\d+):(?:(?<column>\d+):)? (?<severity>fatal error|error|warning|note): (?<message>.*)$/;
const instantiation =
  /^(?<file>[^\s:][^:]*):(?<line>\d+):(?:(?<column>\d+):)?\s+(?<message>(?:recursively )?required (?:from|by|for).*)$/;
const included = /^(?:In file included from|\s+from) (?<file>[^:]+):(?<line>\d+)(?::\d+)?[,:]$/;
const option = / \[(?<code>-W[^\]]+)\]$/;

type Related = Diagnostic["related"][number];
type Open = {
  diagnostic: Diagnostic & { location: Location };
  authors: boolean;
  file: string;
  before: (Related & { authors: boolean })[];
};

/**
 * Diagnostics in the text that g++ or clang printed, in order. One whose place is not the author's, such as a
 * template error inside a library header, is moved to the author's line that led there; the original place is kept
 * as related.
 */
export function parseCompilerOutput(text: string, places: SourcePlaces): Diagnostic[] {
  const found: Open[] = [];
  let before: Open["before"] = [];
  for (const line of text.split("\n")) {
    const match = finding.exec(line)?.groups;
    if (match) {
      const location = locationOf(match, places);
      const current = found.at(-1);
      const authors = places.isAuthors(match.file ?? "");
      if (match.severity === "note") {
        if (current) {
          current.diagnostic.related.push({ message: match.message ?? "", location });
          if (authors && / requested here$/.test(match.message ?? "")) {
            current.before.push({ message: match.message ?? "", location, authors });
          }
        }
      } else {
        found.push({ diagnostic: newDiagnostic(match, location), authors, file: match.file ?? "", before });
        before = [];
      }
      continue;
    }
    const step = instantiation.exec(line)?.groups ?? included.exec(line)?.groups;
    if (!step) continue;
    before.push({
      message: step.message ?? "included from here",
      location: locationOf(step, places),
      authors: places.isAuthors(step.file ?? ""),
    });
  }
  return found.map(anchorAtAuthor);
}

function newDiagnostic(match: Record<string, string | undefined>, location: Location): Open["diagnostic"] {
  const message = match.message ?? "";
  const code = option.exec(message)?.groups?.code;
  return {
    severity: match.severity === "warning" ? "warning" : "error",
    origin: "compile",
    message: code ? message.replace(option, "") : message,
    ...(code ? { code } : {}),
    location,
    related: [],
  };
}

function anchorAtAuthor({ diagnostic, authors, before }: Open): Diagnostic {
  const steps = before.map(({ message, location }) => ({ message, location }));
  const related = [...steps.filter((step) => !sameIn(diagnostic.related, step)), ...diagnostic.related];
  // The step nearest to the error that is the author's own. An include line says less than an instantiation.
  const own = before.filter((step) => step.authors);
  const anchor = own.filter((step) => step.message !== "included from here").at(-1) ?? own.at(-1);
  if (authors || !anchor) return { ...diagnostic, related };
  const origin: Related = { message: "the error was found here", location: diagnostic.location };
  return { ...diagnostic, location: anchor.location, related: [origin, ...related] };
}

function sameIn(list: readonly Related[], step: Related): boolean {
  return list.some((other) => other.message === step.message && other.location.line === step.location.line);
}

function locationOf(match: Record<string, string | undefined>, places: SourcePlaces): Location {
  return places.location({
    file: match.file ?? "",
    line: Math.max(1, Number(match.line)),
    column: match.column === undefined ? undefined : Number(match.column),
  });
}
