import { Command } from "commander";
import { type BuildResult, build } from "../../build/build.ts";
import { formatSignature } from "../../core/manifest.ts";
import type { Sanitizers } from "../../core/sanitizers.ts";
import { loadModule } from "../../module/load-module.ts";
import { withOutput } from "../command.ts";
import { formatBytes, formatSeconds } from "../format.ts";
import type { Output, OutputOptions } from "../output.ts";
import { relativePath } from "../paths.ts";
import { sanitizeOption } from "../sanitize-option.ts";
import { renderFacts } from "../table.ts";

type Options = OutputOptions & { debug?: boolean; sanitize?: Sanitizers };

export const buildCommand = () =>
  withOutput<Options>(
    new Command("build")
      .description("build the module's C++ into one shared object, if anything has changed")
      .option("--debug", "without optimisation, for a debugger")
      .addOption(sanitizeOption()),
    async ({ output, signal }, _args, { debug, sanitize }) => {
      const result = await build(loadModule("."), {
        mode: sanitize ?? (debug ? "debug" : "release"),
        signal,
        onProgress: ({ done, total, step }) => output.progress(`[${done}/${total}] ${step}`),
      });
      output.endProgress();
      printBuild(output, result);
      return 0;
    },
  );

function printBuild(output: Output, result: BuildResult): void {
  const { manifest, artifactPath, manifestPath, upToDate, warnings, seconds } = result;
  for (const warning of warnings) output.warnOf(warning);
  output.print(upToDate ? `${manifest.module} is up to date` : `Built ${manifest.module} in ${formatSeconds(seconds)}`);
  const functions = manifest.functions.map((description): [string, string] => [
    "function",
    formatSignature(description),
  ]);
  output.print(
    renderFacts(output, [
      ["artifact", `${relativePath(artifactPath)} (${formatBytes(manifest.size)})`],
      ["glibc", manifest.glibcFloor ? `${manifest.glibcFloor} or newer` : "not needed"],
      ["doors", manifest.doors.join(", ")],
      ...functions,
    ]),
  );
  output.result({
    upToDate,
    seconds,
    artifact: artifactPath,
    manifest: manifestPath,
    ...manifest,
    diagnostics: warnings,
  });
}
