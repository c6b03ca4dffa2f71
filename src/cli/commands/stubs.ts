import { Command } from "commander";
import { generateModuleStubs } from "../../app.ts";
import { loadModule } from "../../module/load-module.ts";
import { withOutput } from "../command.ts";
import { relativePath } from "../paths.ts";

export const stubsCommand = () =>
  withOutput(
    new Command("stubs").description("write the typed loaders (TypeScript, Python) of the module's functions"),
    async ({ output, signal }) => {
      const { build, stubs } = await generateModuleStubs(loadModule("."), {
        signal,
        onProgress: ({ done, total, step }) => output.progress(`[${done}/${total}] ${step}`),
      });
      output.endProgress();
      for (const { path, changed } of stubs) {
        output.print(`${changed ? "wrote    " : "unchanged"}  ${relativePath(path)}`);
      }
      output.result({ artifact: build.artifactPath, stubs });
      return 0;
    },
  );
