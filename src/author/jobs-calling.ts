import { readJobText } from "./job-text.ts";
import { callsIn } from "./sql-context.ts";

/** True where a statement of a job file calls a function. */
export function callsFunction(source: string, name: string): boolean {
  const texts = readJobText(source)?.texts ?? [];
  return texts.some(({ sql }) => callsIn(sql).some((call) => call.name.toLowerCase() === name.toLowerCase()));
}
