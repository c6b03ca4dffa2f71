import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { loadModule } from "../../src/module/load-module.ts";
import { listRuns } from "../../src/run/store.ts";
import { nativeUdf } from "../support/command-line.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { DebugClient } from "./debug-client.ts";

const limit = { timeout: 120_000 };
const folder = temporaryFolder("debug-failures");
const root = path.join(folder, "faults");
const source = path.join(root, "src", "faults.cpp");

const code = `#include <udf/udf.h>

#include <cstdio>
#include <stdexcept>
#include <string>

using namespace udf::literals;

double crash(double celsius) {
  double* volatile nowhere = nullptr;
  return celsius + *nowhere;
}

double refuse(double celsius) {
  if (celsius > 20) throw std::runtime_error("too warm");
  return celsius;
}

double speak(double celsius) {
  std::printf("it has %g degrees\\n", celsius);
  return celsius;
}

UDF_MODULE(faults, m) {
  m.row<crash>("crash", "celsius"_a);
  m.row<refuse>("refuse", "celsius"_a);
  m.row<speak>("speak", "celsius"_a);
}
`;

const lineOf = (text: string) => code.split("\n").findIndex((line) => line.includes(text)) + 1;

before(async () => {
  const made = await nativeUdf(["new", root, "--template", "blank", "--name", "faults"], { cwd: folder });
  assert.equal(made.exitCode, 0, made.stderr);
  writeFileSync(source, code);
  for (const name of ["crash", "refuse", "speak"]) {
    writeFileSync(
      path.join(root, "jobs", `${name}.job.ts`),
      `import { defineJob } from "native-udf";
export default defineJob({
  modules: ["faults"], input: { path: "data/input.csv" }, map: "SELECT ${name}(celsius) AS x FROM input",
  output: { path: "out/${name}.parquet" },
});
`,
    );
  }
});

const state = () => listRuns(loadModule(root))[0]?.state;

describe("under a debugger", () => {
  test("a function that crashes stops at its line, and the run fails when it goes on", limit, async () => {
    const client = new DebugClient();
    await client.begin({ module: root, job: "crash" });
    await client.request("configurationDone");
    const { threadId, reason } = await client.stopped();
    assert.notEqual(reason, "breakpoint");
    const [frame] = await client.frames(threadId);
    assert.deepEqual([frame?.source?.path, frame?.line], [source, lineOf("*nowhere;")]);
    // the handlers of the SDK and of Node come next, and it crashes at the same place after each
    const crashes = client.eachStop(() => client.request("continue", { threadId }));
    await client.request("continue", { threadId });
    await client.event("terminated");
    crashes.end();
    assert.equal(state(), "failed", client.text);
    assert.match(client.text, /worker 1 (?:died of SIGSEGV|ended)/);
    await client.leave();
  });

  test(
    "an exception stops where it is thrown, if the editor asks for it, and is a row error when it goes on",
    limit,
    async () => {
      const client = new DebugClient();
      await client.begin({ module: root, job: "refuse" });
      await client.request("setExceptionBreakpoints", { filters: ["cpp_throw", "throw"] });
      await client.request("configurationDone");
      const { threadId } = await client.stopped();
      const frames = await client.frames(threadId);
      const thrown = frames.find((frame) => frame.source?.path === source);
      assert.equal(thrown?.line, lineOf("throw std::runtime_error"), JSON.stringify(frames));
      await client.request("setExceptionBreakpoints", { filters: [] });
      await client.request("continue", { threadId });
      await client.event("terminated");
      assert.equal(state(), "failed");
      assert.match(client.text, /refuse\(\): too warm/);
      await client.leave();
    },
  );

  test("what a function prints is in the console and in the run's log", limit, async () => {
    const client = new DebugClient();
    await client.begin({ module: root, job: "speak" });
    await client.request("configurationDone");
    await client.event("terminated");
    assert.equal(state(), "succeeded", client.text);
    assert.match(client.text, /it has 12\.9 degrees/);
    const { stdout } = await nativeUdf(["runs", "logs"], { cwd: root });
    assert.match(stdout, /it has 12\.9 degrees/);
    await client.leave();
  });

  test(
    "a compile error refuses the launch with its line, and the compiler's words are in the console",
    limit,
    async () => {
      writeFileSync(source, code.replace("return celsius + *nowhere;", "return celsius + nobody;"));
      const client = new DebugClient();
      await client.initialize();
      const { success, message } = await client.request("launch", { module: root, job: "speak" });
      assert.equal(success, false);
      assert.match(message ?? "", new RegExp(`^src/faults\\.cpp:${lineOf("*nowhere;")}:\\d+: .*nobody`));
      assert.match(client.text, /nobody/);
      await client.leave();
      writeFileSync(source, code);
    },
  );
});
