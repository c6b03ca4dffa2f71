import { Command, InvalidArgumentError, Option } from "commander";
import { submitDetached, submitJob } from "../../app.ts";
import { UdfError } from "../../core/error.ts";
import { type OnBadRow, onBadRowSchema } from "../../core/job.ts";
import type { Sanitizers } from "../../core/sanitizers.ts";
import { loadModule } from "../../module/load-module.ts";
import type { Run } from "../../run/submit.ts";
import { withOutput } from "../command.ts";
import type { OutputOptions } from "../output.ts";
import { RunView } from "../run-view.ts";
import { sanitizeOption } from "../sanitize-option.ts";

type Options = OutputOptions & {
  target: string;
  workers?: number;
  timeout?: number;
  overwrite?: boolean;
  onBadRow?: OnBadRow;
  maxBadRows?: number;
  showValues?: boolean;
  sanitize?: Sanitizers;
  sample?: number;
  detach?: boolean;
};

export const submitCommand = () =>
  withOutput<Options>(
    new Command("submit")
      .description("run a job; artifact and stubs are brought up to date first")
      .argument("<job>", "a job's name (jobs/<name>.job.ts), or its file; on Spark also a PySpark script")
      .option("--target <name>", "where it runs: local, spark, a target of native-udf.json, or a Spark URL", "local")
      .option("--workers <count>", "worker processes; as many as there are cores where it is not given", positive)
      .option(
        "--timeout <seconds>",
        "time limit of one part; a worker that takes longer is killed and the run fails",
        seconds,
      )
      .option("--overwrite", "replace an output that exists")
      .addOption(
        new Option("--on-bad-row <what>", "a row that a function fails at: fail, or set it aside and go on").choices(
          onBadRowSchema.options,
        ),
      )
      .option("--max-bad-rows <count>", "the run fails when more rows than this are set aside (1000)", wholeNumber)
      .option("--show-values", "show the arguments of the row that fails")
      .addOption(sanitizeOption())
      .option("--sample <rows>", "take only the first rows of the input; the result goes to the run's folder", rowCount)
      .option("--detach", "run in the background, and end as soon as the run has begun"),
    async ({ output, signal }, [job = ""], options) => {
      const { target, workers, timeout, overwrite, sample, detach, onBadRow, maxBadRows, showValues, sanitize } =
        options;
      const module = loadModule(".");
      const submission = {
        ...{ job, target, workers, overwrite, signal, timeoutSeconds: timeout, sampleRows: sample },
        ...{ onBadRow, maxBadRows, showValues, sanitize },
        onBuild: (step: string) => output.progress(step),
      };
      if (detach) {
        const { id, directory } = await submitDetached(module, submission);
        output.endProgress();
        output.print(`Run ${id} has begun. See it with "native-udf runs show ${id}".`);
        output.result({ run: id, directory });
        return 0;
      }
      const run = await submitJob(module, submission);
      if (output.json) return streamEvents(run);
      const view = new RunView(output);
      for await (const event of run.events) view.show(event);
      output.endProgress();
      const summary = await run.finished;
      view.showSummary(summary);
      if (summary.error) throw summary.error;
      return 0;
    },
  );

/** Each event as one line of JSON, as it comes; the events themselves say how it ended. */
async function streamEvents(run: Run): Promise<number> {
  for await (const event of run.events) process.stdout.write(`${JSON.stringify(event)}\n`);
  const { error } = await run.finished;
  return error instanceof UdfError ? error.exitCode : 0;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1024)
    throw new InvalidArgumentError("It must be a whole number from 1 to 1024.");
  return value;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError("It must be a whole number from 0.");
  return value;
}

function rowCount(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number from 1.");
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("It must be a number of seconds greater than 0.");
  return value;
}
