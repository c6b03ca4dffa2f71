import { createReadStream, existsSync, statSync } from "node:fs";
import { Command } from "commander";
import { UdfError } from "../../core/error.ts";
import { explain } from "../../explain/explain.ts";
import type { ExplainedFailure } from "../../explain/explanation.ts";
import { logLines } from "../../explain/log-file.ts";
import { readSourceRoot } from "../../explain/source-root.ts";
import { withOutput } from "../command.ts";
import type { Output, OutputOptions } from "../output.ts";
import { relativePath } from "../paths.ts";
import { plain } from "../plain.ts";

type Options = OutputOptions & { root: string };

export const explainCommand = () =>
  withOutput<Options>(
    new Command("explain")
      .description("what failed, out of saved logs of a Spark job: the cause, the author's lines, and what to do")
      .argument("<log...>", "the logs of one run, in any order: driver, exception, executors; - is stdin")
      .option("--root <folder>", "the folder of the job's sources, which paths are shown below", "."),
    async ({ output }, logs, { root }) => {
      for (const log of logs) requireFile(log);
      if (!existsSync(root)) output.warn(`${root}: there is no such folder, so paths are shown as the logs have them`);
      const { diagnostics } = await explain(logs.map(open), readSourceRoot(root));
      output.result({ diagnostics });
      const [first, ...others] = diagnostics;
      if (!first) {
        output.print(
          `Nothing that failed was found in ${logs.map(relativePath).join(", ")}. Give the executors' logs too, if there are any.`,
        );
        return 0;
      }
      show(output, first);
      if (others.length > 0) output.print("\nFound besides, most of it a consequence:");
      for (const other of others) output.print(`  ${headline(other)}`);
      return 0;
    },
  );

function open(log: string): AsyncIterable<string[]> {
  return logLines(log === "-" ? process.stdin : createReadStream(log, { highWaterMark: 1 << 20 }));
}

function requireFile(log: string): void {
  if (log === "-") return;
  if (!existsSync(log)) {
    throw new UdfError("INPUT_MISSING", { what: "there is no such file", where: log, next: "Name a saved log." });
  }
  if (statSync(log).isDirectory()) {
    throw new UdfError("FILE_UNUSABLE", {
      what: "it is a folder, and log files are needed",
      where: log,
      next: "Name the files in it, all of one run.",
    });
  }
}

function show(output: Output, failure: ExplainedFailure): void {
  const { frames, advice, origin } = failure;
  output.print(headline(failure));
  output.print(output.colors.dim(`  ${places[origin]}`));
  const names = frames.map(({ file, line }) => `${file}:${line}`);
  const width = Math.max(0, ...names.map((name) => name.length));
  for (const [index, frame] of frames.entries()) {
    output.print(plain(`    ${(names[index] ?? "").padEnd(width)}  ${frame.function ?? ""}`.trimEnd()));
  }
  if (advice !== null) output.print(plain(`  ${advice}`));
}

/** `script.py:9: ValueError: math domain error`, which editors and terminals find the place in. */
function headline({ file, line, exceptionType, message }: ExplainedFailure): string {
  const place = file === null ? "" : line === null ? `${file}: ` : `${file}:${line}: `;
  const type = exceptionType === null || message.startsWith(exceptionType) ? "" : `${exceptionType}: `;
  return plain(`${place}${type}${message}`);
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
