import process from "node:process";
import { Worker } from "node:worker_threads";
import { isErrorCode, messageOf, UdfError } from "../../core/error.ts";
import { type Failure, type FromWorker, type Reply, type Request, toWorkerSchema } from "./messages.ts";
import { mapTask, previewTask, reduceTask, stageTask } from "./part-tasks.ts";
import { planTask } from "./plan-task.ts";
import { Session } from "./session.ts";

/*
 * The program of a worker process: it answers one request at a time. The author's code runs here and nowhere else.
 */

const progressMilliseconds = 100;

/** A native loop blocks this thread, not that one: a worker never outlives the process that began it. */
const watchdog = `
  const parent = ${process.ppid};
  setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, "SIGKILL"); }, 250);
`;

let session: Session | undefined;

function current(): Session {
  if (session) return session;
  throw new UdfError("RUN_FAILED", { what: "the worker was given work before it was opened" });
}

async function answer(request: Request): Promise<Reply<Request["kind"]>> {
  switch (request.kind) {
    case "open": {
      const opened = await Session.open(request);
      session = opened.session;
      return opened.reply;
    }
    case "plan":
      return planTask(current(), request);
    case "stage":
      return stageTask(current(), request);
    case "map":
      return mapTask(current(), request);
    case "reduce":
      return reduceTask(current(), request);
    case "close":
      process.exit(0);
      break;
    case "preview":
      return previewTask(current(), request);
  }
}

function send(message: FromWorker): void {
  // the coordinator is gone when this fails, and the disconnect ends this process
  process.send?.(message, undefined, undefined, () => undefined);
}

async function serve(text: unknown): Promise<void> {
  const { id, request } = toWorkerSchema.parse(text);
  const progress = setInterval(() => {
    const percent = session?.connection.progress.percentage ?? -1;
    if (percent >= 0) send({ kind: "progress", id, fraction: Math.min(1, percent / 100) });
  }, progressMilliseconds);
  try {
    const reply = await answer(request);
    send({ kind: "done", id, reply, peakBytes: peakBytes() });
  } catch (error) {
    send({ kind: "failed", id, failure: failureOf(error), peakBytes: peakBytes() });
  } finally {
    clearInterval(progress);
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof UdfError && isErrorCode(error.code)) {
    const { code, what, where, next } = error;
    const details = error.cause === undefined ? error.details : messageOf(error.cause);
    return {
      code,
      what,
      ...(where === undefined ? {} : { where }),
      ...(next === undefined ? {} : { next }),
      ...(details === undefined ? {} : { details }),
    };
  }
  const details = error instanceof Error ? error.stack : undefined;
  return { code: "RUN_FAILED", what: messageOf(error), ...(details ? { details } : {}) };
}

function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

new Worker(watchdog, { eval: true }).unref();
process.on("disconnect", () => process.exit(0));
process.on("message", (message) => void serve(message));
send({ kind: "ready" });
