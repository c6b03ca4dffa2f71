import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { processLives, until } from "../../support/until.ts";
import { authorModule } from "../author-module.ts";
import type { Workbench } from "../workbench.ts";
import { workbenchTest } from "../workbench-test.ts";

/** Says which process it is in, and does not return before there is a file `go`. */
const waiting = `#include <udf/udf.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace udf::literals;

double wait(double celsius) {
  const std::filesystem::path folder = FOLDER;
  std::ofstream(folder / "waiting") << getpid() << "\\n";
  while (!std::filesystem::exists(folder / "go")) usleep(1000);
  return celsius;
}

UDF_MODULE(flight_features, m) { m.row<wait>("wait", "celsius"_a); }
`;

async function waitingModule(): Promise<string> {
  const root = await authorModule({ name: "waits", map: "SELECT wait(celsius) AS x FROM input" });
  writeFileSync(path.join(root, "src", "flight_features.cpp"), waiting.replace("FOLDER", JSON.stringify(root)));
  return root;
}

/** Submits the job and waits for its worker. Gives the worker's process. */
async function submit(workbench: Workbench, root: string): Promise<number> {
  const file = path.join(root, "waiting");
  await workbench.run("Native UDF: Submit Job…");
  await until(() => existsSync(file) && readFileSync(file, "utf8").endsWith("\n"));
  return Number(readFileSync(file, "utf8"));
}

/** The one run of the view, in a state. */
async function runIn(workbench: Workbench, state: string): Promise<void> {
  const runs = await workbench.treeView("Runs");
  await runs.and(workbench.page.locator(`[aria-label^="first ${state}"]`)).waitFor();
}

workbenchTest(
  "Cancel Run ends the run and its worker's process, and the view says that it was cancelled",
  { folder: waitingModule },
  async (workbench, root) => {
    const worker = await submit(workbench, root);
    await runIn(workbench, "running");
    assert.ok(processLives(worker));
    await workbench.run("Native UDF: Cancel Run");
    await runIn(workbench, "cancelled");
    await until(() => !processLives(worker));
  },
);

workbenchTest(
  "a window that is reloaded in the middle of a run finds it again, and sees it succeed",
  { folder: waitingModule },
  async (workbench, root) => {
    const worker = await submit(workbench, root);
    await runIn(workbench, "running");
    await workbench.reload();
    await runIn(workbench, "running");
    assert.ok(processLives(worker), "the same worker goes on");
    writeFileSync(path.join(root, "go"), "");
    await runIn(workbench, "succeeded");
    assert.ok(existsSync(path.join(root, "out", "first.parquet")));
  },
);
