import type { Diagnostic } from "../../core/diagnostic.ts";
import type { SourcePlaces } from "./source-places.ts";

const missingFile =
  /^(?:ninja: error: |\w*make(?:\[\d+\])?: \*\*\* No rule to make target )'(?<file>[^']+)', needed by '[^']+'/;
const ninjaSays = /^ninja: (?:error|fatal): (?!rebuilding )(?<message>.*)$/;

/** Diagnostics in what ninja or make itself printed: a file that CMakeLists.txt names and nothing makes, for example. */
export function parseBuildToolOutput(text: string, places: SourcePlaces): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const line of text.split("\n")) {
    const file = missingFile.exec(line)?.groups?.file;
    const message = file
      ? `the build needs ${places.shown(file)}, which is missing`
      : ninjaSays.exec(line)?.groups?.message;
    if (message) found.push({ severity: "error", origin: "configure", message, related: [] });
  }
  return found;
}
