import { nearest } from "../../core/nearest.ts";
import { readJobText, sqlAt } from "../job-text.ts";
import { nameAt } from "../sql-context.ts";
import type { QuickFix } from "./quick-fix.ts";

export type UnknownFunction = {
  /** The job file's text, and the place in it that the finding is at. */
  source: string;
  offset: number;
  /** Names of the functions that the last build has. */
  built: readonly string[];
  /** Names that the sources register now. */
  registered: readonly string[];
};

/** For a call of a function that is not there: the nearest name that is, and the build that a new function waits for. */
export function unknownFunctionFixes({ source, offset, built, registered }: UnknownFunction): QuickFix[] {
  const job = readJobText(source);
  const text = job && sqlAt(job, offset)?.text;
  const found = text && nameAt(text.sql, offset - text.span.start);
  if (!text || !found?.isCall) return [];
  const isSame = (name: string) => name.toLowerCase() === found.name.toLowerCase();
  if (built.some(isSame)) return [];
  if (registered.some(isSame)) return [{ kind: "generateStubs" }];
  const to = nearest(found.name, [...new Set([...built, ...registered])]);
  if (to === undefined) return [];
  const span = { start: found.span.start + text.span.start, end: found.span.end + text.span.start };
  return [{ kind: "rename", to, edit: { span, text: to } }];
}
