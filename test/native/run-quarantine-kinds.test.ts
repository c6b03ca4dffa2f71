import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { formatLocation } from "../../src/core/diagnostic.ts";
import { FailingModule, notOnce, query } from "./failing/failing-module.ts";

/* Rows that batch, table and aggregate functions fail at, and functions that do not return, with rows set aside. */

const limit = { timeout: 180_000 };
const fewRows = 5000;
let module: FailingModule;

before(async () => {
  module = await FailingModule.make();
  await module.writeNumbers("data/few.parquet", { rows: fewRows });
});

type Job = { map: string; reduce?: string };

const start = (name: string, job: Job, options: Parameters<FailingModule["submit"]>[1] = {}) => {
  module.writeJob(name, { ...job, input: { path: "data/few.parquet" }, onBadRow: "quarantine" });
  return module.submit(name, options);
};
const submit = (...job: Parameters<typeof start>) => start(...job).finished;

/** Runs a job that sets rows aside, and says of each what is written: the number, the function, the error, the line. */
async function asideOf(name: string, job: Job, options: Parameters<FailingModule["submit"]>[1] = {}) {
  const { outcome, error, outputPath, diagnostics } = await submit(name, job, options);
  assert.equal(outcome, "succeeded", error?.message);
  const aside = module.path(`out/${name}.bad.parquet`);
  assert.equal(await notOnce(outputPath ?? "", aside, module.path("data/few.parquet")), 0);
  const rows = await query(
    `SELECT number::INT, bad_function, bad_error, bad_place FROM '${aside}' WHERE bad_row = number`,
  );
  return { rows, outputPath, messages: diagnostics.map(({ message }) => message) };
}

const nullPointer = "it died of SIGSEGV: a null pointer was used";

describe("a batch function", () => {
  for (const [name, error] of [
    ["batch_throws", (number: number) => `the number ${number}`],
    ["batch_crashes", () => nullPointer],
  ] as const) {
    test(
      `${name}: the rows that fail alone are set aside, and every other row is there exactly once`,
      limit,
      async () => {
        const { rows, outputPath } = await asideOf(name, {
          map: `SELECT number, ${name}(number, 600) AS y FROM input`,
        });
        const expected = [7, 607, 1207, 1807, 2407, 3007, 3607, 4207, 4807];
        assert.deepEqual(
          rows,
          expected.map((number) => [number, name, error(number), module.markedLine(name)]),
        );
        assert.deepEqual(await query(`SELECT count(*)::INT FROM '${outputPath}' WHERE y <> number / 2`), [[0]]);
      },
    );
  }

  test("the values of the row are told where it is asked for", limit, async () => {
    const map = "SELECT number, batch_throws(number, 5000) AS y FROM input";
    const { messages } = await asideOf("values", { map }, { showValues: true });
    assert.match(messages.join("\n"), /^row 7 of data\/few\.parquet: batch_throws\(7, 5000\): the number 7$/m);
  });

  test("a row that fails only together with others is told as such", limit, async () => {
    const map = "SELECT number, batch_refuses_two(number, 1000) AS y FROM input";
    const { rows } = await asideOf("together", { map });
    // DuckDB's chunks have 2,048 rows: 7, 1007 and 2007 come together, and so do 3007 and 4007
    assert.equal(rows.length, 3);
    for (const row of rows) assert.equal(row[2], "two at once (only together with others)");
  });
});

describe("a table function", () => {
  for (const [name, error] of [
    ["table_throws", (number: number) => `the number ${number}`],
    ["table_crashes", () => nullPointer],
  ] as const) {
    test(`${name}: the rows that fail are set aside, and the others have all their rows`, limit, async () => {
      const { rows, outputPath } = await asideOf(name, {
        map: `SELECT number, unnest(${name}(number, 1000)) AS y FROM input`,
        reduce: "SELECT number, list(y ORDER BY y) AS ys FROM mapped GROUP BY number",
      });
      const expected = [7, 1007, 2007, 3007, 4007];
      assert.deepEqual(
        rows,
        expected.map((number) => [number, name, error(number), module.markedLine(name)]),
      );
      const wrong = `SELECT count(*)::INT FROM '${outputPath}' WHERE ys <> [number / 2, number * 2.0]`;
      assert.deepEqual(await query(wrong), [[0]]);
    });
  }
});

describe("an aggregate, whose rows are no rows of the input any more", () => {
  const total = (name: string) => ({
    map: "SELECT number FROM input",
    reduce: `SELECT number % 3 AS third, ${name}(number, 2000) AS total FROM mapped GROUP BY third`,
  });
  for (const [name, code, what] of [
    [
      "total_throws",
      "ROW_ERROR",
      /^reduce, group \d of total_throws\(\): total_throws\(\): the number \d+\. .*leave out in map/,
    ],
    [
      "total_crashes",
      "WORKER_CRASHED",
      /^reduce, group \d of total_crashes\(\): worker 1 died of SIGSEGV in total_crashes\(\), 3 times: a null pointer/,
    ],
    [
      "total_spins",
      "WORKER_TIMEOUT",
      /^reduce, group \d of total_spins\(\): the worker was ended: this took longer than 1 s, in total_spins\(\)/,
    ],
  ] as const) {
    test(`${name} fails the run in reduce, with the function, the cause and the line`, limit, async () => {
      const { error, diagnostics } = await submit(name, total(name), { timeoutSeconds: 1 });
      assert.equal(error?.code, code, error?.message);
      assert.match(error.message, what);
      const [location] = diagnostics.flatMap((each) => (each.severity === "error" && each.location) || []);
      assert.equal(location && formatLocation(location), module.markedLine(name));
    });
  }
});

test(
  "an aggregate that fails says which group that was, and what it had where values may be shown",
  limit,
  async () => {
    const job = {
      map: "SELECT number FROM input WHERE number IN (8, 9, 2007, 2008)",
      reduce: "SELECT number < 2000 AS low, total_throws(number, 2000) AS total FROM mapped GROUP BY low ORDER BY low",
    };
    const { error } = await submit("group", job, { showValues: true });
    // the rows come in their order, so the group of 8 and 9 is the first one
    assert.match(
      error?.message ?? "",
      /^reduce, group 2 of total_throws\(\): total_throws\(\[2007, 2008\], \[2000, 2000\]\): the number 2007\. /,
    );
  },
);

describe("a function that does not return", () => {
  test("its row is set aside when it does not return from that row alone either", limit, async () => {
    const map = "SELECT number, spins(number, 3000) AS y FROM input";
    const { rows } = await asideOf("spins", { map }, { timeoutSeconds: 1 });
    const line = module.markedLine("spins");
    assert.deepEqual(rows, [
      [7, "spins", "it did not return within 1 s", line],
      [3007, "spins", "it did not return within 1 s", line],
    ]);
  });

  test("is told apart from rows that crash and rows that throw in the same part", limit, async () => {
    const map = "SELECT number, fails_in_turn(number) AS y FROM input";
    const { rows } = await asideOf("in_turn", { map }, { timeoutSeconds: 2, workers: 1 });
    assert.deepEqual(
      rows.map(([number, , error]) => [number, error]),
      [
        [7, nullPointer],
        [1009, "it did not return within 2 s"],
        [3011, "no"],
      ],
    );
  });

  test(
    "is told in the log once, with its row and the option that ends it, though nothing limits its time",
    limit,
    async () => {
      const given = new AbortController();
      const map = "SELECT number, spins(number, 3000) AS y FROM input";
      const lines: string[] = [];
      const run = start("stands", { map }, { stillSeconds: 0.3, workers: 1, signal: given.signal });
      for await (const event of run.events) {
        if (event.kind !== "log" || event.level !== "warning") continue;
        lines.push(event.text);
        given.abort();
      }
      const { outcome } = await run.finished;
      assert.equal(outcome, "cancelled");
      assert.equal(lines.length, 1);
      assert.match(
        lines[0] ?? "",
        /^row 7 of .*: spins\(\) has not returned for 0\.3 s\. The run waits for it; with "--timeout SECONDS" it would be ended\.$/,
      );
    },
  );

  test("more such rows than the limit fail the run", limit, async () => {
    const map = "SELECT number, spins(number, 3000) AS y FROM input";
    const { error } = await submit("spun", { map }, { timeoutSeconds: 1, maxBadRows: 1 });
    assert.equal(error?.code, "TOO_MANY_BAD_ROWS");
    assert.match(error.message, /^row 3,007 of .*: more than 1 rows fail, this one with: spins\(\): it did not return/);
  });
});
