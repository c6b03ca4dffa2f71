import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { processLives, until } from "../../support/until.ts";
import { authorModule } from "../author-module.ts";
import { workbenchTest } from "../workbench-test.ts";

/** Prints for ever. */
const flooding = `#include <udf/udf.h>

#include <cstdio>
#include <string>

using namespace udf::literals;

double flood(double celsius) {
  const std::string text(1000, 'x');
  for (long line = 0;; ++line) std::printf("%ld %s\\n", line, text.c_str());
  return celsius;
}

UDF_MODULE(flight_features, m) { m.row<flood>("flood", "celsius"_a); }
`;

/** The run's own log of what happens, once there is one. */
function eventsOf(root: string): string | undefined {
  const runs = path.join(root, ".native-udf", "runs");
  const [run] = existsSync(runs) ? readdirSync(runs) : [];
  const file = path.join(runs, run ?? "", "events.ndjson");
  return run !== undefined && existsSync(file) ? file : undefined;
}

/** Whether the process is this one or below it. Source: proc(5), PPid. */
function isOurs(pid: number): boolean {
  if (pid === process.pid) return true;
  const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return parent !== undefined && Number(parent) > 1 && isOurs(Number(parent));
}

/** Most memory that each extension host of this test has had, in bytes, by process. Source: proc(5), VmHWM. */
function extensionHosts(): Map<number, number> {
  const found = new Map<number, number>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=extensionHost") || !isOurs(Number(pid)))
        continue;
      const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
      if (peak !== undefined) found.set(Number(pid), Number(peak) * 1024);
    } catch {
      // it has ended meanwhile
    }
  }
  return found;
}

workbenchTest(
  "a worker that prints without end: the panel follows, the extension host's memory stays bounded, and Cancel Run ends it",
  { folder: () => authorModule({ name: "floods", source: flooding, map: "SELECT flood(celsius) AS x FROM input" }) },
  async (workbench, root) => {
    await workbench.run("Native UDF: Submit Job…");
    await until(() => statSync(eventsOf(root) ?? "", { throwIfNoEntry: false }) !== undefined);
    const events = eventsOf(root) ?? "";
    await until(() => statSync(events).size > 300e6);
    const text = readFileSync(events).subarray(0, 10_000).toString("utf8");
    const worker = Number(/"kind":"worker\.started".*?"pid":(\d+)/.exec(text)?.[1]);
    assert.ok(processLives(worker), `worker ${worker} lives`);
    const hosts = extensionHosts();
    assert.ok(hosts.size > 0, "there is an extension host");
    // an idle one has 150 to 250 MB
    for (const [pid, bytes] of hosts) assert.ok(bytes < 500e6, `extension host ${pid} had ${bytes} bytes`);
    await workbench.run("Native UDF: Cancel Run");
    const runs = await workbench.treeView("Runs");
    await runs.and(workbench.page.locator('[aria-label^="first cancelled"]')).waitFor();
    await until(() => !processLives(worker));
  },
);
