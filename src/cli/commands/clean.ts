import { Command } from "commander";
import { clean } from "../../app.ts";
import { loadModule } from "../../module/load-module.ts";
import { withOutput } from "../command.ts";
import type { OutputOptions } from "../output.ts";
import { relativePath } from "../paths.ts";

type Options = OutputOptions & { runs?: boolean };

export const cleanCommand = () =>
  withOutput<Options>(
    new Command("clean")
      .description("remove what can be made again: build folders, artifacts, job bundles")
      .option("--runs", "also the finished runs with their logs"),
    async ({ output }, _args, { runs = false }) => {
      const removed = clean(loadModule("."), { runs });
      for (const entry of removed) output.print(`removed  ${relativePath(entry)}`);
      if (removed.length === 0) output.print("there was nothing to remove");
      output.result({ removed });
      return 0;
    },
  );
