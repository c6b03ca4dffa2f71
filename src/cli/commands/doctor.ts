import { Command } from "commander";
import { exitCodes } from "../../core/error.ts";
import { doctor } from "../../toolchain/doctor.ts";
import { withOutput } from "../command.ts";

export const doctorCommand = () =>
  withOutput(
    new Command("doctor").description("what is found on this machine, what is missing, and how to get it"),
    async ({ output, signal }) => {
      const report = await doctor({ signal });
      return report.complete ? 0 : exitCodes.environment;
    },
  );
