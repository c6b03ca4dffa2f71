import { Command } from "commander";
import { UdfError } from "../../core/error.ts";
import { listJobs } from "../../run/job-files.ts";
import { scaffold } from "../../scaffold/scaffold.ts";
import { withOutput } from "../command.ts";
import type { OutputOptions } from "../output.ts";
import { relativePath, shellWord } from "../paths.ts";

type Options = OutputOptions & { template: string; name?: string };

export const newCommand = () =>
  withOutput<Options>(
    new Command("new")
      .description("make a new module")
      .argument("<folder>", "where; it must not exist or be empty")
      .option("--template <name>", "flights (a worked example on real data) or blank", "flights")
      .option("--name <name>", "the module's name; taken from the folder's where it is not given"),
    async ({ output, signal }, [folder = ""], { template, name }) => {
      if (folder === "") {
        throw new UdfError("USAGE", {
          what: "the folder's name is empty",
          next: 'Give one; "." is the current folder.',
        });
      }
      const { module, files, missingData } = await scaffold({
        ...{ folder, template, name, signal },
        onFetch: (wanted) => output.progress(`Getting the example's data (${wanted})`),
      });
      output.endProgress();
      const root = relativePath(module.root);
      output.print(`Made the module ${module.name} in ${root} (${files.length} files)`);
      for (const missing of missingData) output.warn(missing);
      const [job] = listJobs(module);
      if (job) output.print(`Next: cd ${shellWord(root)} && native-udf submit ${job.name}`);
      output.result({ module: module.name, root: module.root, files, missingData });
      return 0;
    },
  );
