import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import type { RunEvent } from "../../src/core/events.ts";
import { readEvents, showRun } from "../../src/run/store.ts";
import { ScriptedModule } from "../support/scripted-module.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { processLives, until } from "../support/until.ts";

const limit = { timeout: 60_000 };

function eventsOf<Kind extends RunEvent["kind"]>(module: ScriptedModule, run: string, kind: Kind) {
  const isKind = (event: RunEvent): event is Extract<RunEvent, { kind: Kind }> => event.kind === kind;
  return [...readEvents(module.module, run)].filter(isKind);
}

function assertNothingIsLeft(module: ScriptedModule): void {
  assert.equal(existsSync(module.path("out")) ? readdirSync(module.path("out")).join() : "", "");
}

describe("a function that throws", () => {
  test("an exception without a text is told as one", limit, async () => {
    const module = new ScriptedModule("silent");
    const stub = readFileSync(module.path("stubs/scripted.duckdb.ts"), "utf8");
    module.write("stubs/scripted.duckdb.ts", stub.replace('new Error("x must not be 1500")', 'new Error("")'));
    module.writeRows("data/rows.csv", 3000);
    module.job("silent", { map: "SELECT checked(x) AS c FROM input" });
    const { error } = await module.submit("silent").finished;
    assert.equal(error?.code, "ROW_ERROR");
    assert.match(error.message, /: checked\(\): the function threw an exception without a text\./);
  });

  test("fails the run at once, with the function, its message and the row, and without a retry", limit, async () => {
    const module = new ScriptedModule("throws");
    module.writeRows("data/rows.csv", 3000);
    module.job("throws", { map: "SELECT checked(x) AS c FROM input" });
    const run = module.submit("throws");
    const { outcome, error } = await run.finished;
    assert.equal(outcome, "failed");
    assert.equal(error?.code, "ROW_ERROR");
    assert.match(error.message, /^row 1,500 of data\/rows\.csv: checked\(\): x must not be 1500/);
    assert.deepEqual(
      eventsOf(module, run.id, "part.started").map(({ attempt }) => attempt),
      [1],
    );
    const [diagnostic] = eventsOf(module, run.id, "diagnostic");
    assert.equal(diagnostic?.diagnostic.origin, "worker exception");
    assertNothingIsLeft(module);
  });
});

describe("a worker that dies", () => {
  test("is replaced, and its rows are computed again", limit, async () => {
    const module = new ScriptedModule("dies");
    module.writeRows("data/rows.csv", 60_000);
    module.job("once", { map: "SELECT crash_once(x) AS c FROM input", reduce: "SELECT count(*), sum(c) FROM mapped" });
    const run = module.submit("once");
    const { outcome, error, preview } = await run.finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.deepEqual(preview, [["60000", "1799970000.0"]]);
    const signals = eventsOf(module, run.id, "worker.exited").map(({ signal }) => signal);
    assert.deepEqual(signals.sort(), ["SIGABRT", null, null]);
    const again = eventsOf(module, run.id, "part.started").filter(({ attempt }) => attempt === 2);
    assert.deepEqual(
      again.map(({ first }) => first),
      [0],
    );
  });

  for (const [name, ended] of [
    ["crash_at", "died of SIGSEGV"],
    ["exit_at", "died of SIGKILL"],
  ] as const) {
    test(`at the same rows each time fails the run (${ended}), and what others compute is kept`, limit, async () => {
      const module = new ScriptedModule("dies");
      module.writeRows("data/rows.csv", 60_000);
      module.job("dies", { map: `SELECT ${name}(x) AS c, say(x) AS s FROM input` });
      const run = module.submit("dies");
      const { outcome, error } = await run.finished;
      assert.equal(outcome, "failed");
      assert.equal(error?.code, "WORKER_CRASHED");
      assert.match(error.message, new RegExp(`^rows 0–19,999 of data/rows\\.csv: worker \\d ${ended}, 3 times`));
      const parts = eventsOf(module, run.id, "part.started").filter(({ part }) => part === 0);
      assert.deepEqual(
        parts.map(({ attempt }) => attempt),
        [1, 2, 3],
      );
      const finished = eventsOf(module, run.id, "part.finished").filter((event) => event.outcome === "succeeded");
      assert.equal(readdirSync(path.join(run.directory, "parts")).length, finished.length);
      assertNothingIsLeft(module);
    });
  }

  test("tells the last lines that it wrote", limit, async () => {
    const module = new ScriptedModule("dies");
    module.writeRows("data/rows.csv", 3000);
    module.job("says", { map: "SELECT crash_at(say(x)) AS c FROM input WHERE x > 2" });
    const { error, diagnostics } = await module.submit("says", { retries: 0 }).finished;
    assert.match(error?.details ?? "", /something is odd\nINFO all is well/);
    assert.equal(diagnostics[0]?.origin, "crash");
    assert.match(diagnostics[0]?.details ?? "", /the last line/);
  });

  for (const [code, text] of [
    ["process.kill(process.pid, 'SIGBUS');", /worker 1 died of SIGBUS/],
    ["process.exit(7);", /worker 1 ended with exit code 7/],
  ] as const) {
    test(`while it loads the job is told as such: ${code}`, limit, async () => {
      const module = new ScriptedModule("dies");
      module.write("jobs/dies.job.ts", `${code}\nexport default {};\n`);
      const { error } = await module.submit("dies").finished;
      assert.equal(error?.code, "WORKER_CRASHED");
      assert.match(error.message, text);
    });
  }
});

describe("a part that takes longer than it may", () => {
  test("ends its worker with what that started, and fails the run with the rows", limit, async () => {
    const module = new ScriptedModule("hangs");
    module.writeRows("data/rows.csv", 10);
    module.job("hangs", { map: "SELECT spawn_and_hang(x) AS c FROM input" });
    const { error } = await module.submit("hangs", { timeoutSeconds: 0.5 }).finished;
    assert.equal(error?.code, "WORKER_TIMEOUT");
    assert.match(error.message, /^rows 0–9 of data\/rows\.csv: .*longer than 0\.5 s/);
    const pids = module.pidsIn("hanging");
    assert.equal(pids.length, 2);
    await until(() => !pids.some(processLives));
    assertNothingIsLeft(module);
  });
});

describe("a worker that writes more than anyone reads", () => {
  const lines = 200_000;
  const wanted = Array.from({ length: lines }, (_, line) => `${line} ${"x".repeat(90)}`);
  /** Writes as native code does: what does not fit into the pipe now is not tried again. */
  const flood = `import { writeSync } from "node:fs";
console.log("first");
for (let line = 0; line < ${lines}; line++) writeSync(1, line + " " + "x".repeat(90) + "\\n");
`;

  test("loses no line, since it waits for its reader", limit, async () => {
    const module = new ScriptedModule("floods");
    module.writeRows("data/rows.csv", 3);
    module.job("floods", {});
    module.write("jobs/floods.job.ts", `${flood}${readFileSync(module.path("jobs/floods.job.ts"), "utf8")}`);
    const run = module.submit("floods", { workers: 1 });
    const { outcome, error } = await run.finished;
    assert.equal(outcome, "succeeded", error?.message);
    const logged = readFileSync(path.join(run.directory, "logs", "worker-1.log"), "utf8").split("\n");
    assert.deepEqual(logged.slice(0, -1), ["first", ...wanted]);
  });

  test("is told that the rest is not kept, which bounds what lies on the disk", limit, async () => {
    const module = new ScriptedModule("floods");
    module.writeRows("data/rows.csv", 3);
    module.job("floods", {});
    module.write("jobs/floods.job.ts", `${flood}${readFileSync(module.path("jobs/floods.job.ts"), "utf8")}`);
    const run = module.submit("floods", { workers: 1, logBytes: 1e6 });
    const { outcome, error, diagnostics } = await run.finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.ok(statSync(path.join(run.directory, "logs", "worker-1.log")).size <= 1e6);
    assert.ok(statSync(path.join(run.directory, "events.ndjson")).size < 4e6);
    assert.deepEqual(
      diagnostics.map(({ code, severity, message }) => [code, severity, message]),
      [
        [
          "LOG_TOO_LONG",
          "warning",
          "The workers wrote more than 1 MB; the rest of their log is not kept. Print less in the functions.",
        ],
      ],
    );
  });
});

describe("a job file that does not end", () => {
  for (const [title, text] of [
    ["a loop", "for (;;);"],
    ["an await", "await new Promise(() => {});"],
  ] as const) {
    const source = `import { appendFileSync } from "node:fs";\nappendFileSync("hanging", process.pid + "\\n");\n${text}\nexport default {};\n`;

    test(`is told after a while, and its worker is ended: ${title}`, limit, async () => {
      const module = new ScriptedModule("job-hangs");
      module.write("jobs/hangs.job.ts", source);
      const { outcome, error } = await module.submit("hangs", { workers: 1, readSeconds: 1 }).finished;
      assert.equal(outcome, "failed");
      assert.equal(error?.code, "JOB_INVALID");
      assert.match(
        error.message,
        /^jobs\/hangs\.job\.ts: the job file was still not evaluated after 1 s\. Look for a loop/,
      );
      await until(() => !module.pidsIn("hanging").some(processLives));
    });

    test(`can be cancelled, which ends its worker: ${title}`, limit, async () => {
      const module = new ScriptedModule("job-hangs");
      module.write("jobs/hangs.job.ts", source);
      const abort = new AbortController();
      const run = module.submit("hangs", { workers: 1, signal: abort.signal });
      await until(() => module.pidsIn("hanging").length > 0);
      abort.abort();
      assert.equal((await run.finished).outcome, "cancelled");
      await until(() => !module.pidsIn("hanging").some(processLives));
    });
  }
});

describe("what a worker loads", () => {
  test("an artifact with other bytes than the run's fails before any data is read", limit, async () => {
    const module = new ScriptedModule("other");
    module.writeRows("data/rows.csv", 10);
    module.job("calls", { map: "SELECT count_call(x) AS c FROM input" });
    module.write("artifacts/scripted.udf.so", "other bytes");
    const { error } = await module.submit("calls").finished;
    assert.equal(error?.code, "ARTIFACT_MISMATCH");
    assert.equal(existsSync(module.path("calls")), false);
  });

  test("an edit of a config file in the middle of a run changes nothing for it", limit, async () => {
    const module = new ScriptedModule("config");
    module.write("native-udf.json", JSON.stringify({ name: "scripted", configs: ["words.txt"] }));
    module.write("words.txt", "1234");
    module.writeRows("data/rows.csv", 10);
    module.job("reads", { map: "SELECT wait_for_file(x) AS w, config_length(x) AS c FROM input" });
    const run = module.submit("reads", { workers: 1 });
    await until(() => existsSync(module.path("waiting")));
    module.write("words.txt", "a longer text");
    module.write("go", "");
    const { outcome, error, preview } = await run.finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.deepEqual(
      preview.map(([, length]) => length),
      Array.from({ length: 10 }, () => "4.0"),
    );
  });

  test("a config file that is missing or refused is named", limit, async () => {
    const module = new ScriptedModule("config");
    module.write("native-udf.json", JSON.stringify({ name: "scripted", configs: ["words.txt"] }));
    module.writeRows("data/rows.csv", 10);
    module.job("reads", {});
    const missing = await module.submit("reads").finished;
    assert.equal(missing.error?.code, "CONFIG_MISSING");
    assert.match(missing.error.message, /^words\.txt: /);
    module.write("words.txt", "this is broken");
    const broken = await module.submit("reads").finished;
    assert.equal(broken.error?.code, "CONFIG_INVALID");
    assert.match(broken.error.message, /words\.txt.*it is broken/);
  });
});

describe("a full disk", {
  skip: process.getuid?.() === 0 ? false : "a small file system can be mounted by root only",
}, () => {
  const mounted: string[] = [];
  after(() => {
    for (const folder of mounted) execFileSync("umount", [folder]);
  });
  function smallDisk(name: string, megabytes: number): string {
    const folder = path.join(temporaryFolder(name), "disk");
    mkdirSync(folder);
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder]);
    mounted.push(folder);
    return folder;
  }

  test(
    "under the run is told with the place, all events reach the reader, and temporary files are removed",
    limit,
    async () => {
      const module = new ScriptedModule("full", smallDisk("full", 4));
      const input = path.join(temporaryFolder("input"), "rows.csv");
      writeFileSync(input, `x,name\n${Array.from({ length: 400_000 }, (_, x) => `${x},row-${x}\n`).join("")}`);
      module.job("fills", { input, map: "SELECT half(x) AS h, name FROM input" });
      const run = module.submit("fills");
      const kinds: string[] = [];
      for await (const event of run.events) kinds.push(event.kind);
      const { error } = await run.finished;
      assert.equal(error?.code, "DISK_FULL", error?.message);
      assert.match(error.where ?? "", /\.native-udf\/runs/);
      assert.equal(kinds.at(-1), "run.finished");
      const left = readdirSync(run.directory, { recursive: true }).map(String);
      assert.deepEqual(
        left.filter((file) => file.includes("unfinished") || file.startsWith("tmp") || file.startsWith("staged")),
        [],
      );
    },
  );

  test("under the output leaves no output, and the parts for the next run", limit, async () => {
    const module = new ScriptedModule("full");
    const disk = smallDisk("output", 1);
    module.writeRows("data/rows.csv", 200_000);
    module.job("fills", { map: "SELECT x, name FROM input", output: path.join(disk, "big.csv") });
    const { error } = await module.submit("fills").finished;
    assert.equal(error?.code, "DISK_FULL", error?.message);
    assert.deepEqual(readdirSync(disk), []);
    module.job("fills", { map: "SELECT x, name FROM input" });
    const again = await module.submit("fills").finished;
    assert.equal(again.outcome, "succeeded", again.error?.message);
    assert.ok(again.resumedParts > 1);
  });
});

describe("what workers write", () => {
  test("comes as whole lines with worker, stream and level, and lies in the worker's log file", limit, async () => {
    const module = new ScriptedModule("says");
    module.writeRows("data/rows.csv", 10);
    module.job("says", { map: "SELECT say(x) AS s FROM input" });
    const run = module.submit("says");
    const { outcome, error } = await run.finished;
    assert.equal(outcome, "succeeded", error?.message);
    const logs = eventsOf(module, run.id, "log").map(({ worker, stream, level, text }) => [
      worker,
      stream,
      level,
      text,
    ]);
    const long = logs.find(([, , , text]) => String(text).startsWith("yyy"));
    assert.match(String(long?.[3]), /^y{65536} … \(cut\)$/);
    assert.deepEqual(
      logs.filter((line) => line !== long).sort((left, right) => String(left[3]).localeCompare(String(right[3]))),
      [
        [1, "stderr", "warning", "after"],
        [1, "stdout", "info", "héllo wörld"],
        [1, "stderr", "info", "INFO all is well"],
        [1, "stderr", "warning", "something is odd"],
        [1, "stdout", "info", "the last line"],
      ],
    );
    const file = readFileSync(path.join(run.directory, "logs", "worker-1.log"), "utf8");
    assert.equal(file.split("\n").length, 7);
    assert.equal(showRun(module.module, run.id).state, "succeeded");
  });
});
