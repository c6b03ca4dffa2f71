import { Command } from "commander";
import { exitCodes, UdfError } from "../../core/error.ts";
import type { Module } from "../../core/module.ts";
import { loadModule } from "../../module/load-module.ts";
import { captureReport } from "../../report/capture.ts";
import { doctor } from "../../toolchain/doctor.ts";
import { withOutput } from "../command.ts";
import type { OutputOptions } from "../output.ts";
import { renderTable } from "../table.ts";

type Options = OutputOptions & { capture?: string };

export const doctorCommand = () =>
  withOutput<Options>(
    new Command("doctor")
      .description("what is found on this machine, what is missing, and how to get it")
      .option("--capture <zip>", "write a file for a bug report instead, without sources, data and secrets"),
    async ({ output, signal }, _arguments, { capture: file }) => {
      if (file !== undefined) {
        const files = await captureReport({ file, modules: moduleHere(), signal });
        output.print(`Wrote ${file} (${files.length} files). Look at what it holds before you send it.`);
        output.result({ file, files });
        return 0;
      }
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

/** A report is of use outside of a module too. */
function moduleHere(): Module[] {
  try {
    return [loadModule(".")];
  } catch (error) {
    if (error instanceof UdfError) return [];
    throw error;
  }
}
