import { UdfError } from "../../core/error.ts";
import { type CrashTold, readTold, type Told } from "../../core/native-failure.ts";
import { diagnosticOf } from "../../explain/diagnostic.ts";
import { explain } from "../../explain/explain.ts";
import type { ExplainedFailure } from "../../explain/explanation.ts";
import { titleOf } from "../../explain/report.ts";
import { readSourceRoot } from "../../explain/source-root.ts";
import { errorAt } from "../traced-error.ts";
import { withoutMachinery } from "./without-machinery.ts";

type Options = {
  /** What the driver says of its exception. */
  text: string;
  /** The last lines that each executor wrote. */
  executors: ReadonlyMap<string, readonly string[]>;
  /** The module's folder. */
  root: string;
  /** What Spark was to do, where the failure names no line. */
  doing: string;
};

/**
 * What failed on Spark, out of its exception and the executors' logs: a function of a module with its row and C++ line,
 * or else the cause that `explain` finds, at the author's line.
 */
export async function failureOnSpark({ text, executors, root, doing }: Options): Promise<UdfError> {
  const lines = text.split("\n");
  const logs = [lines, ...executors.values()].map((log) => [log]);
  const inText = readTold(text);
  const isTold = inText.rowError ?? inText.timeout ?? inText.crash;
  // Spark loses what a worker told where its own writing to it fails first
  const told = isTold ? inText : { ...inText, ...readTold([...executors.values()].flat().join("\n")) };
  const { diagnostics } = await explain(logs, readSourceRoot(root));
  const details = detailsOf(lines, executors);
  return nativeFailure(told, diagnostics[0], details) ?? explained(diagnostics, { details, doing });
}

function nativeFailure(told: Told, cause: ExplainedFailure | undefined, details: string): UdfError | undefined {
  const { rowError, timeout, crash, task } = told;
  const partition = (rowError ?? timeout ?? task)?.partition;
  const ofPartition = partition === null || partition === undefined ? "" : ` of partition ${partition}`;
  if (rowError) {
    const { module, frames, row } = rowError;
    const what = cause ? firstLine(cause.message) : `${rowError.function ?? module}() failed`;
    return errorAt({ module, frames, ...(typeof row === "number" ? { row } : {}) }, "ROW_ERROR", {
      what,
      ...(typeof row === "number" ? { where: `row ${row}${ofPartition}` } : {}),
      next: "Correct the function or the row.",
      details,
    });
  }
  const row = crash && rowOf(crash);
  const where = row === undefined ? {} : { where: `row ${row}${ofPartition}` };
  const trace = crash && { module: crash.module, frames: crash.frames, ...(row === undefined ? {} : { row }) };
  if (timeout) {
    const name = crash?.function ?? timeout.function ?? timeout.module ?? "a function";
    const seconds = timeout.seconds === undefined ? "the time limit" : `${timeout.seconds} s`;
    return errorAt(trace, "WORKER_TIMEOUT", {
      ...{ what: `${name}() was still computing after ${seconds}`, ...where, details },
      next: "Look for a loop that does not end at these rows, or give a longer --timeout.",
    });
  }
  if (crash?.signal === undefined && crash?.cause === undefined) return undefined;
  const at = crash.function === undefined ? "the module's code" : `${crash.function}()`;
  const why = crash.cause === undefined ? "" : `: ${crash.cause}`;
  return errorAt(trace, "WORKER_CRASHED", {
    ...{ what: `a Python worker on Spark crashed in ${at}${why}`, ...where, details },
    next: "Look at the line, or run the job on the target local under a debugger.",
  });
}

/** The row of the task's partition that the function was at. */
function rowOf({ row, rowsBefore }: CrashTold): number | undefined {
  return row === undefined || row < 0 ? undefined : row + (rowsBefore ?? 0);
}

function explained(
  failures: readonly ExplainedFailure[],
  { details, doing }: { details: string; doing: string },
): UdfError {
  const [cause] = failures;
  if (!cause) {
    return new UdfError("CLUSTER_FAILED", { what: `Spark failed while ${doing}`, next: "See the details.", details });
  }
  const { advice, file, line } = cause;
  const code =
    cause.origin === "cluster" ? "CLUSTER_FAILED" : cause.origin === "crash" ? "WORKER_CRASHED" : "RUN_FAILED";
  return new UdfError(code, {
    what: firstLine(titleOf(cause)),
    ...(file === null ? {} : { where: line === null ? file : `${file}:${line}` }),
    ...(advice === null ? {} : { next: advice }),
    details,
    diagnostics: [{ ...diagnosticOf(cause), details }],
  });
}

const mostLines = 60;
const executorLines = 15;

/** What the executors wrote last, below what the exception says to its reader. */
function detailsOf(lines: readonly string[], executors: ReadonlyMap<string, readonly string[]>): string {
  const told = withoutMachinery(lines);
  const shown = told.length > mostLines ? [...told.slice(0, mostLines), "…"] : told;
  const written = [...executors].flatMap(([executor, log]) => {
    const lines = withoutMachinery(log).slice(-executorLines);
    return lines.length === 0 ? [] : [`Executor ${executor} wrote last:`, ...lines.map((line) => `  ${line}`)];
  });
  return [...shown, ...written].join("\n");
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
