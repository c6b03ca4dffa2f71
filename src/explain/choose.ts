import type { AuthorFiles } from "./author-files.ts";
import { isForeign, jobFolderOf } from "./author-files.ts";
import { type Failure, type RawFrame, weights } from "./failure.ts";
import type { LogFindings } from "./read-log.ts";

/** More than this nobody reads. */
const most = 10;

/** The driver's exception says only that something failed elsewhere. */
const surface =
  /^(?:PythonException|Py4JJavaError|Py4JError|SparkException|SparkConnectGrpcException|SparkConnectException|SparkRuntimeException|SparkUpgradeException|QueryExecutionException|StreamingQueryException)$/;
/** What is left of a process that is gone, whatever ended it. */
const aftermath =
  /Master removed our application|Could not find AppClient|Answer from Java side is empty|Error while sending or receiving|SparkContext was shut down|Connection (?:refused|reset)|TaskKilled|Application \S+ (?:failed|finished with)|Broken pipe|StatusCode\.UNAVAILABLE|stopped SparkContext|writing to closed/i;
const aftermathTypes =
  /^(?:Py4JNetworkError|ConnectionRefusedError|ConnectionResetError|BrokenPipeError|EOFError|EOFException|TaskKilled|FetchFailed|SystemExit|InterruptedException|TaskResultLost|FetchFailedException)$/;
const workerGone =
  /Python worker (?:exited unexpectedly|is gone)|worker crashed|EOF reached before Python server acknowledged/;

/** `site` is where the author wrote the query that failed. */
export type Chosen = { failure: Failure; frames: RawFrame[]; driver: readonly RawFrame[]; site: RawFrame | undefined };

/** The failures worth telling, the root cause first, with the author's frames. */
export function choose(findings: readonly LogFindings[], files: AuthorFiles): Chosen[] {
  const drivers = findings.flatMap(({ driver }) => (driver ? [driver] : []));
  const driverFrames = drivers.findLast((one) => one.frames.length > 0)?.frames ?? [];
  const jobFolder = jobFolderOf(driverFrames);
  const isForeignJava = !files.mayBeOnJvm;
  const found = findings
    .flatMap(({ failures }) => failures)
    .filter(({ weight, type }) => weight > weights.noise && type !== "TaskKilled")
    .map(plain);
  const ofTasks = new Set(found.flatMap(({ kind, weight, message }) => (isOfTask(kind, weight) ? [message] : [])));
  const told = withCrashes(found)
    .flatMap(causesFirst)
    .map((failure) => ({ ...failure, inTask: failure.inTask === true || ofTasks.has(failure.message) }));
  const hasCause = told.some((one) => one.weight >= weights.task && !isSurface(one));
  const driver = files.of(driverFrames, jobFolder);
  const chosen = told
    .filter((one) => !hasCause || !isSurface(one))
    .map((failure) => ({
      failure,
      frames: failure.kind === "java" && isForeignJava ? [] : files.of(failure.frames, jobFolder),
      driver,
      site: failure.site && files.of([failure.site], jobFolder)[0],
    }));
  const ranked = chosen
    .map((one, index) => ({ one, index, rank: rankOf(one) }))
    .toSorted((one, other) => other.rank - one.rank || one.index - other.index)
    .map(({ one }) => one);
  return distinct(withRootFirst(ranked)).slice(0, most);
}

function isOfTask(kind: Failure["kind"], weight: number): boolean {
  return kind === "java" && weight === weights.task;
}

/** Without the words around a cause's own; "the worker is gone" is a crash, told without Spark's advice. */
function plain(failure: Failure): Failure {
  const cause = failure.cause && plain(failure.cause);
  const message = plainMessage(failure.message);
  // over Connect an error that has no class in Python is named in the text
  const [, unknown] = /^\((?:\w+\.)+(\w+)\) /.exec(failure.message) ?? [];
  if (unknown !== undefined) return { ...failure, type: unknown, message, cause };
  if (failure.kind !== "java" || !workerGone.test(message)) return { ...failure, message, cause };
  return { ...failure, kind: "crash", message: message.replace(/\. Consider setting.*$/, "") };
}

/** An executor's temporary folder before a library's name tells nothing. */
function plainMessage(message: string): string {
  return message
    .replace(/^\((?:\w+\.)+\w+\) (?=\S)/, "")
    .replace(/^Could not serialize object: (?:[\w.]+(?:Error|Exception): )?/, "")
    .replace(/^Job aborted due to stage failure: (?!Task \d+ in stage)/, "")
    .replace(/^\/\S*\/(?:userFiles-|work\/app-|container_|spark-[0-9a-f]{8}|artifacts\/)\S*\/(?=[^/\s]+: )/, "");
}

/** One crash is told by several: what C++ printed, Python's frames, and Spark's word that the worker is gone. */
function withCrashes(failures: readonly Failure[]): Failure[] {
  const crashes = failures.filter(({ kind }) => kind === "crash");
  const plain = crashes.filter(({ message }) => workerGone.test(message));
  const told = crashes.filter(({ message }) => !workerGone.test(message) && !message.startsWith("Fatal Python error"));
  const printed = told.findLast(({ native, weight }) => native && weight === weights.final) ?? told[0];
  const ofSignal = printed?.native ? crashes.filter(({ type }) => type === printed.type) : crashes;
  const traced = ofSignal.findLast(({ frames, weight }) => frames.length > 0 && weight === weights.final);
  const framed = traced ?? ofSignal.find(({ frames }) => frames.length > 0);
  const fatal = framed ?? ofSignal.find(({ message }) => message.startsWith("Fatal Python error"));
  const sameSignal = printed && (!fatal || fatal.type === printed.type);
  const best = sameSignal ? { ...printed, frames: fatal?.frames ?? printed.frames } : (fatal ?? printed);
  if (!best) return [...failures];
  const weight = [best, fatal, ...plain].reduce(
    (most, one) => (one && one.weight > most ? one.weight : most),
    best.weight,
  );
  // the exception's text and Connect's have Python's word on the signal once more
  const again = (best.native ? ofSignal : crashes).filter(
    ({ message, type }) => message.startsWith("Fatal Python error") && type === best.type,
  );
  const same = new Set([...plain, ...again, printed, fatal]);
  const gone = failures.filter((one) => !same.has(one));
  return [...gone, { ...best, weight }];
}

/** A chain of exceptions, the first raised one first. */
function causesFirst(failure: Failure): Failure[] {
  const chain: Failure[] = [];
  for (let one: Failure | undefined = failure; one; one = one.cause) chain.unshift({ ...one, weight: failure.weight });
  // below what Spark says of a function's result is only what a library said to Spark
  const ofSpark =
    /^PySpark/.test(failure.type ?? "") && chain.every(({ frames }) => frames.every((at) => isForeign(at.file)));
  return ofSpark ? chain.toReversed() : chain;
}

function isSurface({ kind, side, type, message }: Failure): boolean {
  return (
    kind === "python" &&
    side === "driver" &&
    surface.test(type ?? "") &&
    !/^\[(?!PYTHON_EXCEPTION|FAILED_EXECUTE_UDF|FAILED_READ_FILE.NO_HINT|FAILED_READ_FILE.CANNOT_READ|TASK_WRITE_FAILED|STREAM_FAILED)[A-Z_.]+\]/.test(
      message,
    )
  );
}

/** How likely it is that this is what a person has to mend. */
function rankOf({ failure, frames }: Chosen): number {
  const { kind, side, type, message, weight } = failure;
  const authors = kind === "python" && side === "worker" && frames.length > 0;
  if (!authors && (aftermathTypes.test(type ?? "") || aftermath.test(message))) return -1 + weight / 100;
  const detail =
    kind === "crash"
      ? workerGone.test(message)
        ? 3
        : 6
      : kind === "java"
        ? 4
        : side === "worker"
          ? 7
          : isSurface(failure)
            ? 0
            : 5;
  const gone = type === "ExecutorLostFailure" ? -2 : 0;
  const group = type?.endsWith("ExceptionGroup") ? -1.5 : 0;
  const untold = type === null ? -3 : 0;
  return weight + detail + gone + group + untold + (frames.length > 0 ? 1 : 0);
}

/** Of the first one's chain the innermost that lies in the author's code; an implicit context without it is no cause. */
function withRootFirst(ranked: readonly Chosen[]): Chosen[] {
  const [first] = ranked;
  if (!first) return [];
  const oom = ranked.find(
    ({ failure }) => /OutOfMemoryError$/.test(failure.type ?? "") || /^the JVM died/.test(failure.message),
  );
  const lost = /^(?:ExecutorLostFailure)$/.test(first.failure.type ?? "") || rankOf(first) < 0;
  // what is left of a JVM without memory fails of anything
  const root = oom && (lost || (first.failure.kind === "java" && oom.failure.weight >= weights.task)) ? oom : first;
  const others = ranked.filter(
    (one) => one !== root && one.failure.type !== null && one.failure.weight >= weights.task && rankOf(one) >= 0,
  );
  return [root, ...others];
}

/** The same failure of other tasks, with other values, is told once. */
function distinct(ranked: readonly Chosen[]): Chosen[] {
  const seen = new Set<string>();
  return ranked.filter(({ failure, frames }) => {
    const at = frames.at(-1);
    const place = at ? `${at.file}:${at.line}` : failure.message.replaceAll(/\d+/g, "0");
    if (failure.type === "ExecutorLostFailure" && seen.size > 0) return false; // its executors are told by one
    const key = `${failure.kind === "crash" ? "crash" : failure.type}|${place}`;
    if (seen.has(key) || seen.has(failure.message)) return false;
    seen.add(key).add(failure.message);
    return true;
  });
}
