import path from "node:path";
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { testModule } from "../../app.ts";
import { exitCodes, UdfError } from "../../core/error.ts";
import { plain } from "../../core/plain.ts";
import { loadModule } from "../../module/load-module.ts";
import type { CaseUpdate } from "../../testing/cases/case.ts";
import type { TestEvent } from "../../testing/test-events.ts";
import { withOutput } from "../command.ts";
import { formatNumber, formatSeconds } from "../format.ts";
import type { Output, OutputOptions } from "../output.ts";

type Options = OutputOptions & { name?: string; checks?: boolean; update?: boolean; yes?: boolean };

export const testCommand = () =>
  withOutput<Options>(
    new Command("test")
      .description(
        "run the module's tests: *.test.ts with node:test, *.cases.json and *.cases.csv through the artifact's doors, and its functions with generated rows; artifact and stubs are brought up to date first",
      )
      .argument("[files...]", "test files and files of cases; all by default")
      .option("--name <pattern>", "only tests whose name matches this regular expression")
      .option("--no-checks", "do not call functions with generated rows")
      .option("--update", "write what cases give as what they expect, after showing the difference")
      .option("--yes", "do not ask before --update writes"),
    async ({ output, signal }, files, { name, checks, update = false, yes = false }) => {
      const module = loadModule(".");
      if (update && !yes && !canAsk(output)) {
        throw new UdfError("USAGE", { what: "nobody can be asked before --update writes", next: "Add --yes." });
      }
      const chosen = files.map((file) => path.relative(module.root, path.resolve(file)));
      const { passed, failed, skipped, updated, updatedCases } = await testModule(module, {
        ...(chosen.length > 0 ? { files: chosen } : {}),
        ...(name === undefined ? {} : { namePattern: name }),
        ...{ checks, signal },
        onBuild: (step) => output.progress(step),
        onEvent: (event) => show(output, event),
        onOutput: (line) => output.note(line),
        onSkipped: (what) => output.warn(what),
        ...(update ? { onUpdates: (updates) => isWanted({ output, updates, yes, signal }) } : {}),
      });
      output.print(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
      for (const file of updated) output.print(`wrote ${file}`);
      return failed === updatedCases ? 0 : exitCodes.failure;
    },
  );

function canAsk(output: Output): boolean {
  return !output.json && !output.quiet && process.stdin.isTTY === true && process.stderr.isTTY === true;
}

type Question = { output: Output; updates: readonly CaseUpdate[]; yes: boolean; signal: AbortSignal };

/** The difference of each has been shown as its failure. */
async function isWanted({ updates, yes, signal }: Question): Promise<boolean> {
  if (yes) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`Write ${formatNumber(updates.length, "case")} as shown? [y/N] `, {
      signal,
    });
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

function show(output: Output, event: TestEvent): void {
  output.result(event);
  if (event.suite || event.outcome === "skipped") return;
  output.endProgress();
  const { green, red, dim } = output.colors;
  const mark = event.outcome === "passed" ? green("✔") : red("✖");
  output.print(`${mark} ${plain(event.path.join(" › "))} ${dim(formatSeconds(event.seconds))}`);
  if (event.outcome !== "failed") return;
  const place = event.line === undefined ? event.file : `${event.file}:${event.line}`;
  const lines = (event.message ?? "it failed").split("\n").map(plain);
  output.print(`  ${place}: ${lines.join("\n  ")}`);
  if (event.expected !== undefined && event.actual !== undefined) {
    output.print(`    ${red(`- ${plain(event.expected)}`)}\n    ${green(`+ ${plain(event.actual)}`)}`);
  }
  if (output.verbose && event.details) output.print(event.details.replaceAll(/^/gm, "    "));
}
