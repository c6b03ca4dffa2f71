import { Command, CommanderError } from "commander";
import { buildCommand } from "./cli/commands/build.ts";
import { cleanCommand } from "./cli/commands/clean.ts";
import { doctorCommand } from "./cli/commands/doctor.ts";
import { newCommand } from "./cli/commands/new.ts";
import { runsCommand } from "./cli/commands/runs.ts";
import { stubsCommand } from "./cli/commands/stubs.ts";
import { submitCommand } from "./cli/commands/submit.ts";
import { exitCodes } from "./core/error.ts";
import { version } from "./version.ts";

const program = new Command("native-udf")
  .description("User-defined functions in C++: scaffold, build into one static shared object, run over data.")
  .version(version)
  .exitOverride()
  .addHelpText(
    "after",
    "\nExit codes: 0 done, 1 build or run failed, 2 wrong input, 3 something is missing on this machine,\n130 cancelled, 70 a fault of native-udf.",
  );

for (const command of [
  newCommand,
  buildCommand,
  stubsCommand,
  submitCommand,
  runsCommand,
  doctorCommand,
  cleanCommand,
]) {
  program.addCommand(command());
}
for (const command of [...program.commands, ...program.commands.flatMap((parent) => [...parent.commands])]) {
  command.exitOverride();
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // commander has written its message; help and version are no errors
  process.exitCode = error.exitCode === 0 ? 0 : exitCodes.input;
}
