import { type Diagnostic, formatDiagnostic } from "./diagnostic.ts";

/** A finding as one line, which editors find the place in. */
export function plainDiagnostic(diagnostic: Diagnostic): string {
  return plain(formatDiagnostic(diagnostic).replaceAll(/\s*\n\s*|\t/g, " "));
}

/** Lines of data, each as `plain` shows it. */
export function plainLines(text: string): string {
  return text.split("\n").map(plain).join("\n");
}

/** Data is text: control characters but tabs, escapes among them, are shown and not obeyed. */
export function plain(text: string): string {
  return text.replaceAll(
    /(?!\t)\p{Cc}/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
