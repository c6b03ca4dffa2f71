import { type FunctionDescription, formatDeclaration } from "../core/manifest.ts";
import { columnAt, findFunction, type Known } from "./columns.ts";
import { visibleColumns } from "./completion.ts";
import { type JobText, sqlAt } from "./job-text.ts";
import type { Span } from "./span.ts";
import { nameAt, sqlContext } from "./sql-context.ts";

/** What is known of the name at a place of a job file; `span` is the name in the file. */
export type Hover = { span: Span } & (
  | { kind: "function"; signature: string; description: FunctionDescription }
  | { kind: "column"; name: string; type: string }
);

/** The function or column that the SQL names at a place. */
export function hoverAt(job: JobText, offset: number, known: Known): Hover | undefined {
  const text = sqlAt(job, offset)?.text;
  const found = text && nameAt(text.sql, offset - text.span.start);
  if (!text || !found) return undefined;
  const span = { start: found.span.start + text.span.start, end: found.span.end + text.span.start };
  if (found.isCall) {
    const description = findFunction(known.functions, found.name);
    return description && { span, kind: "function", signature: formatDeclaration(description), description };
  }
  const column = columnAt(visibleColumns(job, text, known), [found.name]);
  return column?.type ? { span, kind: "column", name: column.name, type: column.type } : undefined;
}

/** The function whose arguments are written at a place, and which of them it is. */
export function signatureAt(
  job: JobText,
  offset: number,
  functions: readonly FunctionDescription[],
): { description: FunctionDescription; argument: number } | undefined {
  const text = sqlAt(job, offset)?.text;
  const context = text && sqlContext(text.sql, offset - text.span.start);
  const call = context && "call" in context ? context.call : undefined;
  const description = call && findFunction(functions, call.name);
  return call && description ? { description, argument: call.argument } : undefined;
}
