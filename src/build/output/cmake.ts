import type { Diagnostic } from "../../core/diagnostic.ts";
import type { SourcePlaces } from "./source-places.ts";

const heading =
  /^CMake (?<severity>Error|Warning)(?: \(dev\))?(?: at (?<file>[^:]+):(?<line>\d+) \([^)]*\))?:(?<message>.*)$/;

/** Diagnostics in what cmake printed while it configured. The indented lines below a heading are its message. */
export function parseCmakeOutput(text: string, places: SourcePlaces): Diagnostic[] {
  const found: Diagnostic[] = [];
  let open = false;
  for (const line of text.split("\n")) {
    const match = heading.exec(line)?.groups;
    if (match) {
      const diagnostic: Diagnostic = {
        severity: match.severity === "Error" ? "error" : "warning",
        origin: "configure",
        message: (match.message ?? "").trim(),
        related: [],
      };
      if (match.file && match.line) {
        diagnostic.location = places.location({ file: match.file, line: Math.max(1, Number(match.line)) });
      }
      found.push(diagnostic);
      open = true;
      continue;
    }
    const current = found.at(-1);
    if (!open || !current) continue;
    if (/^ {2}\S/.test(line)) current.message = `${current.message} ${line.trim()}`.trim();
    else if (line.trim() !== "") open = false;
  }
  return found.filter((diagnostic) => diagnostic.message !== "");
}
