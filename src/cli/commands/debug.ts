import process from "node:process";
import { Command } from "commander";
import { UdfError } from "../../core/error.ts";
import { DebugSession } from "../../debug/debug-session.ts";
import { debugInTerminal } from "../../debug/terminal-debugger.ts";
import { loadModule } from "../../module/load-module.ts";
import { withOutput } from "../command.ts";
import type { OutputOptions } from "../output.ts";
import { RunView } from "../run-view.ts";

type Options = OutputOptions & { dap?: boolean };

export const debugCommand = () =>
  withOutput<Options>(
    new Command("debug")
      .description(
        "run the debug build of a job with one worker under lldb or gdb in this terminal; the result goes to the run's folder",
      )
      .argument("[job]", "a job's name (jobs/<name>.job.ts) or its file")
      .option("--dap", "speak the Debug Adapter Protocol over standard input and output instead, for an editor"),
    async ({ output, signal }, [job], { dap }) => {
      if (dap) return serve(signal);
      if (job === undefined) {
        throw new UdfError("USAGE", {
          what: "there is no job to debug",
          next: 'Name one: "native-udf debug <job>".',
        });
      }
      const summary = await debugInTerminal(loadModule("."), {
        ...{ job, signal },
        onBuild: (step) => output.progress(step),
        onReady: (path) => {
          output.endProgress();
          output.note(`${path}: set breakpoints, then type "run". The job ends with its program, or with "quit".`);
        },
      });
      new RunView(output).showSummary(summary);
      output.result(summary);
      if (summary.error) throw summary.error;
      return 0;
    },
  );

async function serve(signal: AbortSignal): Promise<number> {
  const session = new DebugSession({ input: process.stdin, output: process.stdout });
  signal.addEventListener("abort", () => void session.stop());
  await session.ended;
  process.stdin.destroy();
  return 0;
}
