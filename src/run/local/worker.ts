import process from "node:process";
import { Worker } from "node:worker_threads";
import { isErrorCode, messageOf, UdfError } from "../../core/error.ts";
import { traceOf } from "../traced-error.ts";
import { blockOnOutput } from "./blocking-output.ts";
import { describeTask } from "./describe-task.ts";
import { mapProgress, mapTask, probeTask, verifyTask } from "./map-task.ts";
import { type Failure, type FromWorker, type Reply, type Request, toWorkerSchema } from "./messages.ts";
import { openChannel } from "./parent-channel.ts";
import { planTask } from "./plan-task.ts";
import { previewTask, reduceTask } from "./reduce-task.ts";
import { type JobBundle, readBundle, Session } from "./session.ts";
import { setAsideTask } from "./set-aside-task.ts";
import { parseSqlError } from "./sql-error.ts";
import { stageTask } from "./stage-task.ts";

/*
 * The program of a worker process: it answers one request at a time. The author's code runs here and nowhere else.
 */

const progressMilliseconds = 100;

const channel = openChannel(process.argv.slice(2));

/** A native loop blocks this thread, not that one: a worker and what it started never outlive the process that began it. */
const watchdog = `
  setInterval(() => { if (process.ppid !== ${channel.parent}) process.kill(-process.pid, "SIGKILL"); }, 250);
`;

// where it is, is asked with this signal: it would end a process whose artifacts do not answer it
process.on("SIGUSR2", () => undefined);

let bundle: JobBundle | undefined;
let session: Session | undefined;
let busy = false;

function current(): Session {
  if (session) return session;
  throw new UdfError("RUN_FAILED", { what: "the worker was given work before it was opened" });
}

async function answer(id: number, request: Request): Promise<Reply<Request["kind"]>> {
  switch (request.kind) {
    case "read":
      bundle = await readBundle(request);
      return { job: bundle.job };
    case "open": {
      if (!bundle) throw new UdfError("RUN_FAILED", { what: "the worker was opened before it read the job" });
      const opened = await Session.open(bundle, request);
      session = opened.session;
      return opened.reply;
    }
    case "plan":
      return planTask(current(), request);
    case "describe":
      return describeTask(request);
    case "stage":
      return stageTask(current(), request);
    case "map":
      return mapTask(current(), request, {
        onSelection: ({ begin = 0, without = [] }) => send({ kind: "selection", id, begin, without: [...without] }),
        onBadRows: (rows) => send({ kind: "badRows", id, rows: [...rows] }),
      });
    case "probe":
      return probeTask(current(), request);
    case "setAside":
      return setAsideTask(current(), request);
    case "verify":
      return verifyTask(current(), request);
    case "reduce":
      return reduceTask(current(), request);
    case "close":
      busy = false;
      process.exit(0);
      break;
    case "preview":
      return previewTask(current(), request);
  }
}

function send(message: FromWorker): void {
  channel.send(message);
}

async function serve(text: unknown): Promise<void> {
  const { id, request } = toWorkerSchema.parse(text);
  const progress = setInterval(() => {
    const read = Math.min(1, (session?.connection.progress.percentage ?? -1) / 100);
    if (read < 0) return;
    send({ kind: "progress", id, fraction: request.kind === "map" ? mapProgress(request, read) : read });
  }, progressMilliseconds);
  busy = true;
  try {
    const reply = await answer(id, request);
    send({ kind: "done", id, reply, peakBytes: peakBytes() });
  } catch (error) {
    send({ kind: "failed", id, failure: failureOf(error), peakBytes: peakBytes() });
  } finally {
    busy = false;
    clearInterval(progress);
  }
}

/** This process leads its group, see `forkWorker`; debuggers do the same. */
function killGroup(): void {
  process.kill(-process.pid, "SIGKILL");
}

function failureOf(error: unknown): Failure {
  if (error instanceof UdfError && isErrorCode(error.code)) {
    const { code, what, where, next } = error;
    const trace = traceOf(error);
    const details = error.cause === undefined ? error.details : causeOf(error.cause);
    return {
      code,
      what,
      ...(where === undefined ? {} : { where }),
      ...(next === undefined ? {} : { next }),
      ...(details === undefined ? {} : { details }),
      ...(trace === undefined ? {} : { trace }),
    };
  }
  const details = error instanceof Error ? error.stack : undefined;
  return { code: "RUN_FAILED", what: messageOf(error), ...(details ? { details } : {}) };
}

function causeOf(cause: unknown): string {
  return parseSqlError(cause)?.exception_message ?? messageOf(cause);
}

function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

process.setSourceMapsEnabled(true); // an error in a job file has the author's line
new Worker(watchdog, { eval: true }).unref();
// not exit(): it would wait for a query that waits for a function in this thread
channel.onClose(killGroup);
process.on("exit", () => {
  if (session && busy) killGroup();
});
blockOnOutput();
channel.onMessage((message) => void serve(message));
send({ kind: "ready", pid: process.pid });
