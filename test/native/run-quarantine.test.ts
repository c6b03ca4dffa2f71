import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { before, describe, test } from "node:test";
import { formatLocation } from "../../src/core/diagnostic.ts";
import { loadModule } from "../../src/module/load-module.ts";
import { readEvents } from "../../src/run/store.ts";
import { ScriptedModule } from "../support/scripted-module.ts";
import { FailingModule, notOnce, query } from "./failing/failing-module.ts";

/* Rows that fail, set aside: real functions in real workers; what is there is checked by a DuckDB of the test's own. */

const limit = { timeout: 180_000 };
const fewRows = 5000;
let module: FailingModule;

before(async () => {
  module = await FailingModule.make();
  await module.writeNumbers("data/numbers.parquet", { rows: 3_000_000 });
  await module.writeNumbers("data/few.parquet", { rows: fewRows });
});

/** Runs a job over the few rows that sets rows aside; gives their numbers. */
async function asideOf(name: string, map: string, options: Parameters<FailingModule["submit"]>[1] = {}) {
  module.writeJob(name, { map, input: { path: "data/few.parquet" }, onBadRow: "quarantine" });
  const run = module.submit(name, options);
  const { outcome, error, outputPath, badRows } = await run.finished;
  assert.equal(outcome, "succeeded", error?.message);
  const aside = module.path(`out/${name}.bad.parquet`);
  assert.equal(badRows?.path, aside);
  assert.equal(await notOnce(outputPath ?? "", aside, module.path("data/few.parquet")), 0);
  const rows = await query(`SELECT number::INT FROM '${aside}'`);
  const starts = [...readEvents(loadModule(module.root), run.id)].filter(({ kind }) => kind === "worker.started");
  return { numbers: rows.flat(), starts: starts.length, aside };
}

const numbersOfRest = (every: number) =>
  Array.from({ length: fewRows }, (_, number) => number).filter((number) => number % every === 7);

describe("crashes and throws scattered in three million rows", () => {
  test("are set aside with their errors, and every other row is there exactly once", limit, async () => {
    const map =
      "SELECT number, throws(number, 100003) AS a, crashes(number, 800009) AS b, aborts(number, 900007) AS c FROM input";
    module.writeJob("scattered", { map, onBadRow: "quarantine" });
    const { outcome, error, badRows, outputPath, diagnostics } = await module.submit("scattered").finished;
    assert.equal(outcome, "succeeded", error?.message);
    const aside = module.path("out/scattered.bad.parquet");
    const expected = `SELECT range AS number FROM range(3000000)
      WHERE range % 100003 = 7 OR range % 800009 = 7 OR range % 900007 = 7 ORDER BY number`;
    const numbers = await query(expected);
    assert.deepEqual(badRows, { path: aside, rows: numbers.length });
    assert.deepEqual(await query(`SELECT number FROM '${aside}'`), numbers);
    assert.equal(await notOnce(outputPath ?? "", aside, module.path("data/numbers.parquet")), 0);
    assert.deepEqual(
      await query(`SELECT count(*)::INT FROM '${outputPath}' WHERE a <> number / 2 OR b <> a OR c <> a`),
      [[0]],
    );
    const told = await query(
      `SELECT bad_function, bad_error, bad_place, bad_file, name FROM '${aside}'
       WHERE bad_row = number AND number IN (100010, 800016, 900014) ORDER BY number`,
    );
    const file = "data/numbers.parquet";
    assert.deepEqual(told, [
      ["throws", "the number 100010", module.markedLine("throws"), file, "name 100010"],
      ["crashes", "it died of SIGSEGV: a null pointer was used", module.markedLine("crashes"), file, "name 800016"],
      ["aborts", told[2]?.[1], module.markedLine("aborts"), file, "name 900014"],
    ]);
    assert.match(String(told[2]?.[1]), /^it died of SIGABRT: abort\(\) was called/);
    const places = diagnostics.map(({ severity, origin, location }) => [
      ...[severity, origin, location ? formatLocation(location) : ""],
    ]);
    const names = ["aborts", "crashes", "throws"];
    assert.deepEqual(places.sort(), names.map((name) => ["warning", "bad row", module.markedLine(name)]).sort());
  });
});

describe("rows that are set aside", () => {
  test("many that crash cost a few workers, and not one each", limit, async () => {
    const { numbers, starts } = await asideOf("many", "SELECT number, crashes(number, 100) AS y FROM input", {
      workers: 1,
    });
    assert.deepEqual(numbers, numbersOfRest(100));
    assert.ok(numbers.length === 50 && starts <= 4, `${starts} workers for ${numbers.length} rows`);
  });

  for (const [name, map] of [
    ["where", "SELECT number, throws(number, 1000) AS y FROM input WHERE throws(number, 1000) >= 0"],
    ["cases", "SELECT number, CASE WHEN number % 2 = 1 THEN throws(number, 1000) ELSE 0 END AS y FROM input"],
    ["nested", "SELECT number, greets(greets(name, 0, 0), number, 1000) AS y FROM input"],
  ] as const) {
    test(`are found where the SQL does not give every row to the function once: ${map}`, limit, async () => {
      const { numbers } = await asideOf(name, map);
      assert.deepEqual(numbers, numbersOfRest(1000));
    });
  }

  test("a row that breaks the heap is set aside", limit, async () => {
    const { numbers } = await asideOf("smashed", "SELECT number, smashes(number, 1000) AS y FROM input");
    assert.deepEqual(numbers, numbersOfRest(1000));
  });

  test("a row that calls exit() is set aside too", limit, async () => {
    const { numbers } = await asideOf("exited", "SELECT number, exits(number, 2000) AS y FROM input");
    assert.deepEqual(numbers, numbersOfRest(2000));
  });

  test("are those of every file of the input, with their rows in it", limit, async () => {
    for (const [index, begin] of [0, 300, 700].entries()) {
      await module.writeNumbers(`data/files-${index}.parquet`, { begin, rows: index === 0 ? 300 : 400 });
    }
    const map = "SELECT number, throws(number, 250) AS y FROM input";
    const input = { path: "data/files-*.parquet" };
    module.writeJob("files", { map, input, output: { path: "out/files/" }, onBadRow: "quarantine" });
    const { outcome, error, badRows } = await module.submit("files").finished;
    assert.equal(outcome, "succeeded", error?.message);
    assert.deepEqual(badRows, { path: module.path("out/files.bad.parquet"), rows: 5 });
    const rows = await query(`SELECT number::INT, bad_file, bad_row::INT FROM '${badRows?.path}'`);
    assert.deepEqual(rows, [
      [7, "data/files-0.parquet", 7],
      [257, "data/files-0.parquet", 257],
      [507, "data/files-1.parquet", 207],
      [757, "data/files-2.parquet", 57],
      [1007, "data/files-2.parquet", 307],
    ]);
    assert.deepEqual(await query(`SELECT count(*)::INT FROM '${module.path("out/files/*.parquet")}'`), [[1095]]);
  });

  test("beyond the limit the run fails with the last of them, at its line", limit, async () => {
    const map = "SELECT number, throws(number, 50) AS y FROM input";
    module.writeJob("limited", { map, onBadRow: "quarantine", maxBadRows: 10 });
    const { error, diagnostics } = await module.submit("limited").finished;
    assert.equal(error?.code, "TOO_MANY_BAD_ROWS");
    assert.match(
      error.message,
      /^row [\d,]+ of data\/numbers\.parquet: more than 10 rows fail, this one with: throws\(\): the number \d+/,
    );
    const [location] = diagnostics.map((diagnostic) => diagnostic.location);
    assert.equal(location && formatLocation(location), module.markedLine("throws"));
    assert.equal(existsSync(module.path("out/limited.parquet")), false);
    assert.equal(existsSync(module.path("out/limited.bad.parquet")), false);
  });

  test("an output of theirs that exists is refused before any work, and replaced with overwrite", limit, async () => {
    const map = "SELECT number, throws(number, 1000) AS y FROM input";
    const { aside } = await asideOf("again", map);
    module.writeJob("again", {
      map: map.replace("1000", "0"),
      onBadRow: "quarantine",
      input: { path: "data/few.parquet" },
    });
    const refused = await module.submit("again").finished;
    assert.equal(refused.error?.code, "OUTPUT_EXISTS");
    const { outcome, badRows } = await module.submit("again", { overwrite: true }).finished;
    assert.deepEqual([outcome, badRows, existsSync(aside)], ["succeeded", null, false]);
  });

  test(
    "of a stub that cannot be followed, and of what ends the worker without a word, are found by halving",
    limit,
    async () => {
      const scripted = new ScriptedModule("halving");
      scripted.writeRows("data/rows.csv", 3000);
      scripted.job("thrown", { map: "SELECT x, checked(x) AS c FROM input" });
      const thrown = await scripted.submit("thrown", { onBadRow: "quarantine" }).finished;
      assert.equal(thrown.outcome, "succeeded", thrown.error?.message);
      scripted.job("killed", { map: "SELECT x, crash_at(x) AS c FROM input" });
      const killed = await scripted.submit("killed", { onBadRow: "quarantine", retries: 0 }).finished;
      assert.equal(killed.outcome, "succeeded", killed.error?.message);
      for (const [name, message] of [
        ["thrown", "x must not be 1500"],
        ["killed", "worker 1 died of SIGSEGV"],
      ]) {
        const aside = await query(
          `SELECT bad_row::INT, x::INT, bad_error FROM '${scripted.path(`out/${name}.bad.csv`)}'`,
        );
        assert.deepEqual(aside, [[1500, 1500, message]]);
        assert.deepEqual(
          await query(`SELECT count(*)::INT, count(DISTINCT x)::INT FROM '${scripted.path(`out/${name}.csv`)}'`),
          [[2999, 2999]],
        );
      }
    },
  );
});

describe("a run that fails with the first bad row", () => {
  test("names the row of a crash, with the line and, where it is asked for, the arguments", limit, async () => {
    module.writeJob("crashed", {
      map: "SELECT crashes(number, 2000000) AS y FROM input WHERE number > 7",
      showValues: true,
    });
    const { error, diagnostics } = await module.submit("crashed").finished;
    assert.equal(error?.code, "WORKER_CRASHED");
    assert.match(
      error.message,
      /^row 2,000,007 of data\/numbers\.parquet: crashes\(2000007, 2000000\): it died of SIGSEGV: a null pointer was used/,
    );
    assert.equal(formatLocation(diagnostics[0]?.location ?? { file: "", line: 0 }), module.markedLine("crashes"));
  });

  test("does not tell the arguments unless it is asked to", limit, async () => {
    module.writeJob("secret", {
      map: "SELECT greets(name, number, 1000) AS y FROM input",
      input: { path: "data/few.parquet" },
    });
    const quiet = await module.submit("secret").finished;
    assert.match(quiet.error?.message ?? "", /^row 7 of data\/few\.parquet: greets\(\): no greeting for name 7/);
    const told = await module.submit("secret", { showValues: true }).finished;
    assert.match(told.error?.message ?? "", /: greets\("name 7", 7, 1000\): no greeting/);
    module.writeJob("long", {
      map: "SELECT greets(repeat('x', 5000), number, 1000) AS y FROM input",
      input: { path: "data/few.parquet" },
    });
    const long = await module.submit("long", { showValues: true }).finished;
    assert.match(long.error?.message ?? "", /: greets\("x{200}… \(5000 characters\)", 7, 1000\): no greeting/);
  });
});

describe("a function that does not return", () => {
  test("the time limit names it, its line and the row it is at", limit, async () => {
    module.writeJob("spins", { map: "SELECT spins(number, 2000000) AS y FROM input" });
    const { error, diagnostics } = await module.submit("spins", { timeoutSeconds: 2, workers: 1 }).finished;
    assert.equal(error?.code, "WORKER_TIMEOUT");
    assert.match(error.message, /^row 7 of data\/numbers\.parquet: .*took longer than 2 s, in spins\(\)/);
    assert.equal(formatLocation(diagnostics[0]?.location ?? { file: "", line: 0 }), module.markedLine("spins"));
  });
});
