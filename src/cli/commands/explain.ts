import { createReadStream, existsSync, statSync } from "node:fs";
import { Command } from "commander";
import { UdfError } from "../../core/error.ts";
import { explain } from "../../explain/explain.ts";
import { logLines } from "../../explain/log-file.ts";
import { reportLines } from "../../explain/report.ts";
import { readSourceRoot } from "../../explain/source-root.ts";
import { nativePlaces } from "../../run/diagnose/native-places.ts";
import { withOutput } from "../command.ts";
import type { OutputOptions } from "../output.ts";
import { relativePath } from "../paths.ts";

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
      const { diagnostics } = await explain(logs.map(open), readSourceRoot(root), nativePlaces(root));
      output.result({ diagnostics });
      if (diagnostics.length === 0) {
        output.print(
          `Nothing that failed was found in ${logs.map(relativePath).join(", ")}. Give the executors' logs too, if there are any.`,
        );
      }
      for (const line of reportLines(diagnostics, output.colors)) output.print(line);
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
