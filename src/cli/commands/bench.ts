import { Command, InvalidArgumentError } from "commander";
import { benchFunction } from "../../app.ts";
import { loadModule } from "../../module/load-module.ts";
import { withOutput } from "../command.ts";
import { formatCount } from "../format.ts";
import type { OutputOptions } from "../output.ts";
import { renderTable } from "../table.ts";

type Options = OutputOptions & { rows: number; seconds: number };

export const benchCommand = () =>
  withOutput<Options>(
    new Command("bench")
      .description("time a function: nanoseconds a row, beside a function of the same types that does nothing")
      .argument("<function>", "its name")
      .option("--rows <number>", "rows in a batch", positive, 65_536)
      .option("--seconds <number>", "how long to measure each", positive, 1),
    async ({ output, signal }, [name = ""], { rows, seconds }) => {
      const module = loadModule(".");
      const results = await benchFunction(module, {
        ...{ name, rows: Math.ceil(rows), seconds, signal },
        onBuild: (step) => output.progress(step),
      });
      output.endProgress();
      output.result({ function: name, rows: Math.ceil(rows), results });
      output.print(
        renderTable(
          output,
          ["input", "ns/row", "does nothing", "difference", "rows/s"],
          results.map(({ input, nanoseconds, baseline }) => [
            input,
            nanoseconds.toFixed(2),
            baseline.toFixed(2),
            (nanoseconds - baseline).toFixed(2),
            formatCount(1e9 / nanoseconds),
          ]),
        ),
      );
      return 0;
    },
  );

function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number < 1e9)) throw new InvalidArgumentError("It must be a number above 0.");
  return number;
}
