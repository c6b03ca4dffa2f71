import { Command } from "commander";
import { exitCodes } from "../../core/error.ts";
import { doctor } from "../../toolchain/doctor.ts";
import { withOutput } from "../command.ts";
import { renderTable } from "../table.ts";

export const doctorCommand = () =>
  withOutput(
    new Command("doctor").description("what is found on this machine, what is missing, and how to get it"),
    async ({ output, signal }) => {
      const report = await doctor({ signal });
      const rows = report.checks.map(({ name, status, version, path }) => [
        name,
        status,
        version ?? null,
        path ?? null,
      ]);
      output.print(renderTable(output, ["tool", "status", "version", "where"], rows));
      for (const { name, next, tried } of report.checks) {
        if (next) output.print(`\n${name}: ${next}`);
        if (output.verbose) for (const line of tried) output.print(`  tried ${line}`);
      }
      output.result(report);
      return report.complete ? 0 : exitCodes.environment;
    },
  );
