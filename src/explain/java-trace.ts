import { cleanMessage, type Failure, positionIn, type RawFrame, shortName, stateIn, type Weight } from "./failure.ts";

const className = String.raw`(?:[a-zA-Z_][\w$]*\.)+[A-Z][\w$]*`;
const thrown = new RegExp(`^(?:Caused by: |: |Exception in thread ".*?" |JVM stacktrace: )?(${className})(?:: (.*))?$`);
const lostTask = /Lost task \S+ in stage \S+ \(TID \d+\)\s*\((.*?)\): (.*)$/;
const call = /^\s*at (?:[\w.@-]+\/)*((?:[\w$]+\.)*)([\w$<>]+)\.([\w$<>]+)\(([\w$]+\.(?:scala|java|kt|groovy)):(\d+)\)/;
const systems =
  /^(?:org\.apache\.|java\.|javax\.|jdk\.|sun\.|scala\.|py4j\.|io\.netty\.|com\.google\.|com\.sun\.|io\.grpc\.|org\.sparkproject\.|org\.json4s\.|com\.fasterxml\.|kotlin\.|com\.esotericsoftware\.|com\.twitter\.|org\.codehaus\.|net\.razorvine\.|org\.postgresql\.|com\.mysql\.|org\.sqlite\.|oracle\.|com\.microsoft\.|com\.amazonaws\.|software\.amazon\.|com\.databricks\.|io\.delta\.|org\.mongodb\.|com\.mongodb\.|com\.datastax\.|org\.elasticsearch\.|net\.snowflake\.|org\.antlr\.)/;

/** Without a message these are only how another failure showed. */
const tellsNothing =
  /^org\.apache\.|(?:EOF|ClosedChannel|Interrupted|InvocationTarget|Execution|UncheckedIO|PrivilegedAction)Exception$/;

export type Thrown = { type: string; message: string; frames: RawFrame[] };

/** `java.io.IOException: No space left on device`, also after `Caused by: `. */
export function readThrown(text: string): Thrown | undefined {
  const [, name, message = ""] = thrown.exec(text) ?? [];
  return name === undefined ? undefined : { type: name, message, frames: [] };
}

/** What the task died of, out of `Lost task 1.0 in stage 0.0 (TID 1) (host executor 0): …`. */
export function readLostTask(text: string): Thrown | undefined {
  const reason = lostTask.exec(text)?.[2];
  if (reason === undefined) return undefined;
  const lost = /^ExecutorLostFailure \(.*$/.exec(reason);
  if (lost) return { type: "ExecutorLostFailure", message: reason, frames: [] };
  const failed = /^(FetchFailed|TaskKilled|TaskCommitDenied|ResultLost|UnknownReason)\b.*/.exec(reason);
  return failed?.[1] ? { type: failed[1], message: reason, frames: [] } : readThrown(reason);
}

/** A call in the author's Java or Scala; undefined for other lines, and for the calls of systems. */
export function readCall(text: string): RawFrame | undefined {
  const [, packages = "", owner = "", method = "", file = "", line = ""] = call.exec(text) ?? [];
  if (!file || Number(line) < 1 || systems.test(`${packages}${owner}`)) return undefined;
  return {
    file: `${packages.replaceAll(".", "/")}${file}`,
    line: Number(line),
    function: `${shortName(owner)}.${method}`,
  };
}

/**
 * The failure that a chain of causes is about: the deepest that says something of its own. A wrapper whose message is its
 * cause's whole text adds nothing; one that goes on from its cause's message says more than the cause.
 */
export function rootOf(
  chain: readonly Thrown[],
  { side, weight, inTask }: { side: Failure["side"]; weight: Weight; inTask?: boolean },
): Failure | undefined {
  const says = chain.filter(({ type, message }) => message !== "" || !tellsNothing.test(type));
  const deepest = says.findLast((one) => !says.some((other) => saysMore(other, one)));
  // what Spark itself says of a value or file is for people; below it is what a library said to Spark
  const root = deepest?.frames.length ? deepest : (says.findLast(({ message }) => saysWhat(message)) ?? deepest);
  if (!root) return undefined;
  // what was thrown in a thread of Spark's has the author's calls in what wraps it
  const { frames } = chain.slice(0, chain.indexOf(root) + 1).findLast((one) => one.frames.length > 0) ?? root;
  return {
    ...(inTask ? { inTask } : {}),
    side,
    weight,
    kind: "java",
    type: shortName(root.type),
    position: positionIn(root.message),
    state: stateIn(root.message),
    message: cleanMessage(root.message) || shortName(root.type),
    frames: frames.toReversed(),
  };
}

/** The error conditions of Spark that only say where a cause showed. */
const wrapper =
  /^\[(?:FAILED_EXECUTE_UDF|FAILED_READ_FILE\.(?:NO_HINT|CANNOT_READ_FILE_FOOTER)|TASK_WRITE_FAILED|STREAM_FAILED|WRITING_JOB_ABORTED|INTERNAL_ERROR\w*|CANNOT_WRITE_\w+|EXECUTOR_\w+|UNKNOWN\w*)\]/;

function saysWhat(message: string): boolean {
  return /^\[[A-Z][A-Z0-9_.]+\] /.test(message) && !wrapper.test(message);
}

function saysMore(wrapper: Thrown, cause: Thrown): boolean {
  const { message } = wrapper;
  if (wrapper !== cause && /ClassNotFoundException$/.test(cause.type) && /find (?:the )?data source/i.test(message))
    return true;
  if (wrapper === cause || cause.message === "" || message.length <= cause.message.length) return false;
  return message.endsWith(cause.message) && !message.endsWith(`${cause.type}: ${cause.message}`);
}
