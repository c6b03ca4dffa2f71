import { plain } from "../core/plain.ts";
import type { ExplainedFailure } from "./explanation.ts";

/** What people read of an explanation, line by line: the cause with its calls and what to do, then what was found besides. */
export function* reportLines(
  [first, ...others]: readonly ExplainedFailure[],
  { dim = (text: string) => text } = {},
): Generator<string> {
  if (!first) return;
  yield headline(first);
  yield dim(`  ${places[first.origin]}`);
  const names = first.frames.map(({ file, line }) => `${file}:${line}`);
  const width = Math.max(0, ...names.map((name) => name.length));
  for (const [index, frame] of first.frames.entries()) {
    yield plain(`    ${(names[index] ?? "").padEnd(width)}  ${frame.function ?? ""}`.trimEnd());
  }
  if (first.advice !== null) yield plain(`  ${first.advice}`);
  if (others.length === 0) return;
  yield "";
  yield "Found besides, most of it a consequence:";
  for (const other of others) yield `  ${headline(other)}`;
}

/** `ValueError: math domain error`, as the log has it. */
export function titleOf({ exceptionType, message }: ExplainedFailure): string {
  const type = exceptionType === null || message.startsWith(exceptionType) ? "" : `${exceptionType}: `;
  return `${type}${message}`;
}

/** `script.py:9: ValueError: math domain error`, which editors and terminals find the place in. */
function headline(failure: ExplainedFailure): string {
  const { file, line } = failure;
  const place = file === null ? "" : line === null ? `${file}: ` : `${file}:${line}: `;
  return plain(`${place}${titleOf(failure)}`);
}

const places: Record<ExplainedFailure["origin"], string> = {
  "worker-exception": "raised in a function on an executor; the calls, outermost first:",
  "driver-exception": "raised in the script that drives the job; the calls, outermost first:",
  crash: "a worker's process ended",
  serialize: "something could not be sent to the executors",
  import: "a module or library could not be loaded",
  cluster: "the cluster's, no line of the job's is at fault",
  analysis: "the query cannot be run as it is written",
  cancelled: "cancelled",
  output: "the result could not be written",
};
