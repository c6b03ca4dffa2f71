import path from "node:path";
import { Command } from "commander";
import { testModule } from "../../app.ts";
import { exitCodes } from "../../core/error.ts";
import { loadModule } from "../../module/load-module.ts";
import type { TestEvent } from "../../testing/test-events.ts";
import { withOutput } from "../command.ts";
import { formatSeconds } from "../format.ts";
import type { Output, OutputOptions } from "../output.ts";

type Options = OutputOptions & { name?: string };

export const testCommand = () =>
  withOutput<Options>(
    new Command("test")
      .description(
        "run the module's tests (test/*.test.ts, with node:test); artifact and stubs are brought up to date first",
      )
      .argument("[files...]", "test files; all by default")
      .option("--name <pattern>", "only tests whose name matches this regular expression"),
    async ({ output, signal }, files, { name }) => {
      const module = loadModule(".");
      const chosen = files.map((file) => path.relative(module.root, path.resolve(file)));
      const { passed, failed, skipped } = await testModule(module, {
        ...(chosen.length > 0 ? { files: chosen } : {}),
        ...(name === undefined ? {} : { namePattern: name }),
        signal,
        onBuild: (step) => output.progress(step),
        onEvent: (event) => show(output, event),
        onOutput: (line) => output.note(line),
      });
      output.print(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
      return failed === 0 ? 0 : exitCodes.failure;
    },
  );

function show(output: Output, event: TestEvent): void {
  output.result(event);
  if (event.suite || event.outcome === "skipped") return;
  output.endProgress();
  const { green, red, dim } = output.colors;
  const mark = event.outcome === "passed" ? green("✔") : red("✖");
  output.print(`${mark} ${event.path.join(" › ")} ${dim(formatSeconds(event.seconds))}`);
  if (event.outcome !== "failed") return;
  const place = event.line === undefined ? event.file : `${event.file}:${event.line}`;
  output.print(`  ${place}: ${event.message ?? "it failed"}`.replaceAll("\n", "\n  "));
  if (output.verbose && event.details) output.print(event.details.replaceAll(/^/gm, "    "));
}
