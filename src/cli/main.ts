import { Command, CommanderError } from "commander";
import { exitCodes, UdfError } from "../core/error.ts";
import { version } from "../version.ts";

/** The commands in the order of the help. Each is loaded when it is asked for: a command starts in half the time so. */
const commands = {
  new: async () => (await import("./commands/new.ts")).newCommand(),
  build: async () => (await import("./commands/build.ts")).buildCommand(),
  stubs: async () => (await import("./commands/stubs.ts")).stubsCommand(),
  test: async () => (await import("./commands/test.ts")).testCommand(),
  bench: async () => (await import("./commands/bench.ts")).benchCommand(),
  submit: async () => (await import("./commands/submit.ts")).submitCommand(),
  debug: async () => (await import("./commands/debug.ts")).debugCommand(),
  runs: async () => (await import("./commands/runs.ts")).runsCommand(),
  explain: async () => (await import("./commands/explain.ts")).explainCommand(),
  doctor: async () => (await import("./commands/doctor.ts")).doctorCommand(),
  clean: async () => (await import("./commands/clean.ts")).cleanCommand(),
};

/** Runs the command line with this process's arguments; gives the exit code. */
export async function main(): Promise<number> {
  const program = new Command("native-udf")
    .description("User-defined functions in C++: scaffold, build into one static shared object, run over data.")
    .version(version)
    .exitOverride()
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 build or run failed, 2 wrong input, 3 something is missing on this machine,\n130 cancelled, 70 a fault of native-udf.",
    );
  const asked = Object.entries(commands).filter(([name]) => name === process.argv[2]);
  for (const [, load] of asked.length > 0 ? asked : Object.entries(commands)) program.addCommand(await load());
  for (const command of [program, ...program.commands.flatMap((parent) => [parent, ...parent.commands])]) {
    command.exitOverride().configureOutput({ outputError: () => undefined }); // told below, as all errors are
  }
  try {
    await program.parseAsync();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // help and version have been written
    if (error.exitCode === 0) return 0;
    if (error.code === "commander.help") return exitCodes.input;
    return refuse(error, asked[0]?.[0]);
  }
}

async function refuse({ message }: CommanderError, command: string | undefined): Promise<number> {
  const { Output } = await import("./output.ts");
  const what = message.replace(/^error: /, "").replace(/\.$/, "");
  const error = new UdfError("USAGE", {
    what,
    next: `See "native-udf ${command === undefined ? "" : `${command} `}--help".`,
  });
  new Output({ json: process.argv.includes("--json") }).failure(error);
  return error.exitCode;
}
