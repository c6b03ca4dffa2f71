import type { LiveRun } from "./runs.ts";
import type { Services } from "./services.ts";

/** The run that a menu or a message handed over: its id, or something with its id. */
export function runOf({ runs }: Services, argument: unknown): LiveRun | undefined {
  const id: unknown = typeof argument === "object" && argument !== null ? Reflect.get(argument, "runId") : argument;
  return typeof id === "string" ? runs.all.find((run) => run.id === id) : undefined;
}
