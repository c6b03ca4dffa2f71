import process from "node:process";
import { Command } from "commander";
import { DebugSession } from "../../debug/debug-session.ts";
import { withOutput } from "../command.ts";
import type { OutputOptions } from "../output.ts";

type Options = OutputOptions & { dap?: boolean };

export const debugCommand = () =>
  withOutput<Options>(
    new Command("debug")
      .description("run a job with one worker under the machine's C++ debugger (lldb, or gdb)")
      .option("--dap", "speak the Debug Adapter Protocol over standard input and output, for an editor"),
    async ({ signal }) => {
      const session = new DebugSession({ input: process.stdin, output: process.stdout });
      signal.addEventListener("abort", () => void session.stop());
      await session.ended;
      process.stdin.destroy();
      return 0;
    },
  );
