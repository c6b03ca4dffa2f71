import type { RunEvent } from "../../src/core/events.ts";
import type { Run, RunSummary } from "../../src/run/submit.ts";

/** A run at its end, with everything that it told. */
export async function follow(
  run: Run,
  onEvent: (event: RunEvent) => void = () => undefined,
): Promise<{ summary: RunSummary; events: RunEvent[] }> {
  const events: RunEvent[] = [];
  for await (const event of run.events) {
    events.push(event);
    onEvent(event);
  }
  return { summary: await run.finished, events };
}
