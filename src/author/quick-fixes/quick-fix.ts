import type { Span } from "../span.ts";

/** What to write into the file in place of `span`; an empty span is an insertion. */
export type TextEdit = { span: Span; text: string };

/** What mends a finding; the editor gives it its title. */
export type QuickFix =
  | { kind: "include"; header: string; edit: TextEdit }
  | { kind: "rename"; to: string; edit: TextEdit }
  | { kind: "generateStubs" }
  /** Mends nothing, but may show what an earlier row did to the memory. */
  | { kind: "sanitize" };
