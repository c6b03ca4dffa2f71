import process from "node:process";
import { messageOf, UdfError } from "../core/error.ts";
import { explained } from "../core/file-error.ts";
import { type DetachedReply, detachedRequestSchema } from "./detached.ts";
import { submit } from "./submit.ts";

/*
 * The program of a run in the background: it is told what to run, answers with the run's id, and goes on until the run
 * is over, whatever becomes of the process that began it.
 */

function answer(reply: DetachedReply): void {
  // whoever asked may be gone by now
  process.send?.(reply, undefined, undefined, () => undefined);
}

function refusal(thrown: unknown): DetachedReply {
  const error = explained(thrown);
  if (!(error instanceof UdfError)) return { kind: "refused", code: "RUN_FAILED", what: messageOf(error) };
  const { code, what, where, next } = error;
  return {
    ...{ kind: "refused", code, what },
    ...(where === undefined ? {} : { where }),
    ...(next === undefined ? {} : { next }),
  };
}

process.once("message", async (message) => {
  try {
    const run = submit(detachedRequestSchema.parse(message));
    answer({ kind: "begun", id: run.id, directory: run.directory });
    await run.finished;
  } catch (error) {
    answer(refusal(error));
  } finally {
    if (process.connected) process.disconnect();
  }
});
