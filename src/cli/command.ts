import { type Command, Option } from "commander";
import { UdfError } from "../core/error.ts";
import { explained } from "../core/file-error.ts";
import { Output, type OutputOptions } from "./output.ts";

/** What each command is handed: where to write, and the signal that Ctrl-C and `runs cancel` abort. */
export type Context = { output: Output; signal: AbortSignal };

/** Adds the options that every command has, and runs its action with one place for failures and exit codes. */
export function withOutput<Options extends OutputOptions>(
  command: Command,
  action: (context: Context, args: string[], options: Options) => Promise<number>,
): Command {
  return command
    .addOption(new Option("--json", "write the machine form to stdout, and nothing else"))
    .addOption(new Option("--quiet", "write nothing but errors"))
    .addOption(new Option("--verbose", "show details and stack traces of errors"))
    .action(async () => {
      const options = command.opts<Options>();
      const output = new Output(options);
      process.exitCode = await guarded(output, (signal) => action({ output, signal }, command.args, options));
    });
}

async function guarded(output: Output, action: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const abort = new AbortController();
  const cancel = (signalName: NodeJS.Signals) =>
    abort.abort(new UdfError("CANCELLED", { what: `cancelled (${signalName})` }));
  const lostReader = (error: Error) =>
    abort.abort(new UdfError("CANCELLED", { what: `nobody reads the output any more (${error.message})` }));
  process.on("SIGINT", cancel).on("SIGTERM", cancel);
  process.stdout.on("error", lostReader);
  try {
    return await action(abort.signal);
  } catch (error) {
    const reason = abort.signal.aborted && !(error instanceof UdfError) ? abort.signal.reason : explained(error);
    output.failure(reason);
    return reason instanceof UdfError ? reason.exitCode : 70;
  } finally {
    output.endProgress();
    process.off("SIGINT", cancel).off("SIGTERM", cancel);
  }
}
