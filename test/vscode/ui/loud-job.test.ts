import assert from "node:assert/strict";
import { createReadStream, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { authorModule } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

const lines = 1_000_000;
const rows = 10;
const padding = "x".repeat(80);
const markup = "<b>not bold</b> & ␛[31mnot red␛[0m";

/** Writes a tenth of the lines for each row; the last one would do something to a page or a terminal. */
const loud = `#include <udf/udf.h>

#include <cstdio>

using namespace udf::literals;

double loud(double row) {
  const long first = static_cast<long>(row) * ${lines / rows};
  for (long line = first; line < first + ${lines / rows}; ++line) {
    if (line == ${lines - 1}) std::printf("<b>not bold</b> & \\033[31mnot red\\033[0m\\n");
    else std::printf("line %ld ${padding}\\n", line);
  }
  return row;
}

UDF_MODULE(flight_features, m) { m.row<loud>("loud", "row"_a); }
`;

async function loudModule(): Promise<string> {
  const root = await authorModule({ name: "loud", source: loud, map: "SELECT loud(number) AS x FROM input" });
  const numbers = Array.from({ length: rows }, (_, row) => row);
  writeFileSync(path.join(root, "data", "input.csv"), `number\n${numbers.join("\n")}\n`);
  return root;
}

workbenchTest(
  "a million lines that a function writes are in the panel, none lost: it follows, scrolls and finds; HTML and escapes are text",
  { folder: loudModule },
  async (workbench, root) => {
    await workbench.run("Native UDF: Submit Job…");
    const panel = workbench.webview;
    await panel.getByRole("tab", { name: /^Logs/ }).click();
    await panel.getByRole("heading", { name: "first local · succeeded" }).waitFor();
    await panel.getByText("1,000,000 of 1,000,000 lines").waitFor();
    await panel.getByText(markup, { exact: true }).waitFor(); // it follows
    assert.equal(await panel.locator(".log b").count(), 0);
    await workbench.screenshot("log");

    const text = (line: number) => panel.getByText(`line ${line} ${padding}`, { exact: true });
    const log = panel.getByRole("log");
    await log.press("Home");
    await text(0).waitFor();
    await log.press("PageDown");
    await text(0).waitFor({ state: "hidden" });
    for (const wanted of [123_456, 500_000, lines - 2]) {
      await panel.getByLabel("Find").fill(`line ${wanted} `);
      await panel.getByLabel("Find").press("Enter");
      await panel
        .locator(".log-row.current")
        .filter({ has: text(wanted) })
        .waitFor();
    }
    assert.ok((await panel.locator(".log-row").count()) <= 200);
    await log.press("End");
    await panel.getByText(markup, { exact: true }).waitFor();
    await panel.getByLabel("Filter").fill("not red");
    await panel.getByLabel("Filter").press("Enter");
    await panel.getByText("1 of 1,000,000 lines").waitFor();

    assert.equal(await linesInOrder(root), lines);
  },
);

/** How many lines of the log are in the run's file, each at its place. */
async function linesInOrder(root: string): Promise<number> {
  const runs = path.join(root, ".native-udf", "runs");
  const [run = ""] = readdirSync(runs);
  let found = 0;
  for await (const event of createInterface({ input: createReadStream(path.join(runs, run, "events.ndjson")) })) {
    if (!event.includes('"kind":"log"')) continue;
    if (found < lines - 1) assert.ok(event.includes(`"line ${found} `), `line ${found} is not where it belongs`);
    found += 1;
  }
  return found;
}
