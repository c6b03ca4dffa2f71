import { Command, InvalidArgumentError } from "commander";
import type { Module } from "../../core/module.ts";
import { plain } from "../../core/plain.ts";
import { loadModule } from "../../module/load-module.ts";
import { cancelRun, listRuns, type RunRecord, readEvents, showRun, summaryOf } from "../../run/store.ts";
import { withOutput } from "../command.ts";
import { formatCount, formatSeconds } from "../format.ts";
import type { Output, OutputOptions } from "../output.ts";
import { RunView } from "../run-view.ts";
import { renderTable } from "../table.ts";

export const runsCommand = () =>
  new Command("runs")
    .description("the module's runs: list, show, logs, cancel")
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(showCommand())
    .addCommand(logsCommand())
    .addCommand(cancelCommand());

const listCommand = () =>
  withOutput(new Command("list").description("all runs that are kept, newest first"), async ({ output }) => {
    const runs = listRuns(loadModule("."));
    output.result({ runs });
    if (runs.length === 0) output.print('There are no runs yet. Start one with "native-udf submit <job>".');
    else output.print(renderTable(output, ["run", "job", "target", "state", "rows", "time"], runs.map(runRow)));
    return 0;
  });

const showCommand = () =>
  withOutput(
    new Command("show")
      .description("how a run went and what it gave")
      .argument("[run]", "its id; the newest by default"),
    async ({ output }, [id]) => {
      const module = loadModule(".");
      const run = showRun(module, id);
      const events = [...readEvents(module, run.id)];
      output.result({ run, events });
      const view = new RunView(output);
      for (const event of events) if (event.kind === "diagnostic") view.showDiagnostic(event.diagnostic);
      view.showSummary(summaryOf(module, run.id));
      return 0;
    },
  );

type LogsOptions = OutputOptions & { worker?: number };

const logsCommand = () =>
  withOutput<LogsOptions>(
    new Command("logs")
      .description("what the workers of a run wrote")
      .argument("[run]", "its id; the newest by default")
      .option("--worker <number>", "of one worker only", workerNumber),
    async ({ output }, [id], { worker }) => {
      const module = loadModule(".");
      for (const event of readEvents(module, showRun(module, id).id)) {
        if (event.kind !== "log" || (worker !== undefined && event.worker !== worker)) continue;
        output.result(event);
        output.print(`${event.time} worker ${event.worker} ${event.level}: ${plain(event.text)}`);
      }
      return 0;
    },
  );

const cancelCommand = () =>
  withOutput(
    new Command("cancel").description("end a run that is going on, with all its workers").argument("<run>", "its id"),
    async ({ output, signal }, [id = ""]) => cancelOne({ output, signal, module: loadModule("."), id }),
  );

async function cancelOne(options: {
  output: Output;
  signal: AbortSignal;
  module: Module;
  id: string;
}): Promise<number> {
  const { output, signal, module, id } = options;
  const run = await cancelRun(module, id, { signal });
  output.print(`Run ${run.id} is ${run.state}`);
  output.result({ run });
  return 0;
}

function workerNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It must be a worker's number, from 1.");
  return value;
}

function runRow(run: RunRecord): (string | null)[] {
  const rows = run.rows === null ? null : formatCount(run.rows);
  const time = run.seconds === null ? null : formatSeconds(run.seconds);
  return [run.id, run.job, run.target, run.state, rows, time];
}
