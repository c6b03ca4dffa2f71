import type { Diagnostic } from "../../core/diagnostic.ts";
import type { SourcePlaces } from "./source-places.ts";

const heading =
  /^CMake (?<severity>Error|Warning)(?: \(dev\))?(?: at (?<file>[^:]+):(?<line>\d+)(?: \([^)]*\))?)?:(?<message>.*)$/;
const call = /^ {2}(?<file>[^:]+):(?<line>\d+) \((?<command>[^)]*)\)$/;

type Open = { diagnostic: Diagnostic; authors: boolean; text: string[]; calls: Call[] };
type Call = { message: string; location: NonNullable<Diagnostic["location"]>; authors: boolean };

/**
 * Diagnostics in what cmake printed while it configured. One that was found in a CMake file of the SDK or of cmake
 * itself is moved to the author's line that called it. The message is the first paragraph, the whole is in `details`.
 */
export function parseCmakeOutput(text: string, places: SourcePlaces): Diagnostic[] {
  const found: Open[] = [];
  let reading: "text" | "calls" | "nothing" = "nothing";
  for (const line of text.split("\n")) {
    const match = heading.exec(line)?.groups;
    const current = found.at(-1);
    if (match) {
      found.push(open(match, places));
      reading = "text";
    } else if (line.startsWith("Call Stack ")) {
      reading = reading === "text" ? "calls" : "nothing";
    } else if (line.trim() !== "" && !line.startsWith("  ")) {
      reading = "nothing";
    } else if (reading === "text") {
      current?.text.push(line.replace(/^ {2}/, "").trimEnd());
    } else if (reading === "calls") {
      const step = call.exec(line)?.groups;
      if (step) current?.calls.push(callOf(step, places));
    }
  }
  return found.map(close).filter((diagnostic) => diagnostic.message !== "");
}

function open(match: Record<string, string | undefined>, places: SourcePlaces): Open {
  const location = match.file && match.line ? locate(match.file, match.line, places) : undefined;
  return {
    diagnostic: {
      severity: match.severity === "Error" ? "error" : "warning",
      origin: "configure",
      message: "",
      ...(location ? { location } : {}),
      related: [],
    },
    authors: match.file === undefined || places.isAuthors(match.file),
    text: [(match.message ?? "").trim()],
    calls: [],
  };
}

function callOf(
  { file = "", line = "", command = "" }: Record<string, string | undefined>,
  places: SourcePlaces,
): Call {
  return {
    message: `called by ${command} here`,
    location: locate(file, line, places),
    authors: places.isAuthors(file),
  };
}

function locate(file: string, line: string, places: SourcePlaces) {
  return places.location({ file, line: Math.max(1, Number(line)) });
}

function close({ diagnostic, authors, text, calls }: Open): Diagnostic {
  const details = text.join("\n").trim();
  const related = calls.map(({ message, location }) => ({ message, location }));
  const whole = { ...diagnostic, message: firstSentenceOf(details), details, related };
  const anchor = authors ? undefined : calls.find((step) => step.authors);
  if (!anchor || !diagnostic.location) return whole;
  const origin = { message: "the error was found here", location: diagnostic.location };
  return { ...whole, location: anchor.location, related: [origin, ...related] };
}

/** The first paragraph in one line, with those that go on with it: after a colon, or with a small letter. */
function firstSentenceOf(details: string): string {
  const [first = "", ...rest] = details
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim().replaceAll(/\s*\n\s*/g, " "));
  let sentence = first;
  for (const paragraph of rest) {
    if (!sentence.endsWith(":") && !/^[a-z]/.test(paragraph)) break;
    sentence = `${sentence} ${paragraph}`;
  }
  return sentence;
}
