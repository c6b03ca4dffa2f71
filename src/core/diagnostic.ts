import * as z from "zod";

/** A place in a file. Lines and columns count from 1; `file` is relative to the module's folder where it lies in it. */
export const locationSchema = z.object({
  file: z.string(),
  line: z.number().int().positive(),
  column: z.number().int().positive().optional(),
});
export type Location = z.infer<typeof locationSchema>;

export const diagnosticOrigins = [
  "compile",
  "link",
  "configure",
  "audit",
  "plan",
  "serialize",
  "load",
  "worker exception",
  "crash",
  "timeout",
  "bad row",
  "sanitizer",
  "log",
  "cluster",
] as const;

/** One finding, the same whatever tool or runner it came from. */
export const diagnosticSchema = z.object({
  severity: z.enum(["error", "warning", "note"]),
  origin: z.enum(diagnosticOrigins),
  message: z.string(),
  /** The tool's name for this kind of finding, such as `-Wunused-variable` or an `ErrorCode`. */
  code: z.string().optional(),
  location: locationSchema.optional(),
  /** Frames and notes that explain it, nearest first. */
  related: z.array(z.object({ message: z.string(), location: locationSchema })),
  /** The tool's own text, or the last log lines of a worker. */
  details: z.string().optional(),
});
export type Diagnostic = z.infer<typeof diagnosticSchema>;

/** `src/route.cpp:41:7: error: message`, the form that editors and terminals make clickable. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const place = diagnostic.location ? `${formatLocation(diagnostic.location)}: ` : "";
  return `${place}${diagnostic.severity}: ${diagnostic.message}`;
}

export function formatLocation({ file, line, column }: Location): string {
  return column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;
}
