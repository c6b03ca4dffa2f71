import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { loadModule } from "../../src/module/load-module.ts";
import { runTests, type TestSummary } from "../../src/testing/run-tests.ts";
import { KindsModule } from "./function-kinds/kinds-module.ts";

/* Cases and generated rows of batch functions, aggregates and table functions, through the doors of a real artifact. */

let module: KindsModule;
before(async () => {
  module = await KindsModule.make();
});

type Case = { arguments: unknown; expected?: unknown; error?: string; tolerance?: number };

/** Runs the cases of functions. */
function run(cases: Readonly<Record<string, readonly Case[]>>, { update = false } = {}): Promise<TestSummary> {
  const groups = Object.entries(cases).map(([name, all]) => ({ function: name, cases: all }));
  module.write(file, JSON.stringify(groups));
  return runFiles([file], update);
}

const file = "test/some.cases.json";

function runFiles(files: readonly string[], update = false): Promise<TestSummary> {
  return runTests({
    module: loadModule(module.root),
    files,
    artifact: { manifest: module.built.manifest, path: module.built.artifactPath },
    ...(update ? { onUpdates: async () => true } : {}),
  });
}

const outcomes = ({ events }: TestSummary) => events.map(({ outcome, message }) => (message ? message : outcome));

describe("a case of a batch function", () => {
  test("has columns, and gives a column, through both doors and row after row", async () => {
    const bytes = { given: { hex: "ff" }, made: { hex: "68656c6c6f20ff" } };
    const told = await run({
      scaled: [
        {
          arguments: [
            [1, 2.5, null],
            [2, 4, 1],
          ],
          expected: [2, 10, null],
        },
        { arguments: [[1, 2.5]], expected: [3, 7.5] },
        { arguments: { x: [], by: [] }, expected: [] },
        { arguments: [[1, 3]], expected: [3, 9.5] },
      ],
      lengths: [{ arguments: [[[3, 4], [], null]], expected: [5, 0, null] }],
      greeting: [{ arguments: [["you", null, "", bytes.given]], expected: ["hello you", "who?", null, bytes.made] }],
    });
    const wrong = "it gives something else than is expected";
    assert.deepEqual(outcomes(told), ["passed", "passed", "passed", wrong, "passed", "passed"]);
    assert.deepEqual([told.events[3]?.expected, told.events[3]?.actual], ["[3, 9.5]", "[3, 9]"]);
  });

  test("fails where a row's result depends on the other rows", async () => {
    const told = await run({
      rows_seen: [
        { arguments: [[1]], expected: [1] },
        { arguments: [[1, 1]], expected: [2, 2] },
      ],
    });
    assert.deepEqual(outcomes(told), [
      "passed",
      "the batch through the Node door and each of its rows alone give different results: a row's result may not depend on the other rows, unless it is registered as .not_deterministic()",
    ]);
    assert.deepEqual([told.events[1]?.expected, told.events[1]?.actual], ["[2, 2]", "[1, 1]"]);
  });

  test("may expect an error of the whole batch", async () => {
    const told = await run({
      refuse: [{ arguments: [[1, -1]], error: "below zero" }],
      too_few: [{ arguments: [[1, 2, 3, 4, 5]], error: "it gave 2 results for 5 rows" }],
    });
    assert.deepEqual(outcomes(told), ["passed", "passed"]);
  });

  test("that has no columns, or uneven ones, says so", async () => {
    const hint = ". A case of a batch function has a list of values for each argument, and gives a list";
    const told = await run({
      scaled: [
        { arguments: [1, 2] },
        { arguments: [[1], [2, 3]] },
        { arguments: [null] },
        { arguments: [[1]], expected: 3 },
      ],
    });
    assert.deepEqual(outcomes(told), [
      `x must be list(double?), not 1${hint}`,
      `the columns "x" and "by" have 1 and 2 values, and must have as many${hint}`,
      `x must be list(double?), not null${hint}`,
      `expected must be list(double?), not 3${hint}`,
    ]);
  });
});

describe("a case of an aggregate", () => {
  test("has the rows of a group, and gives one value", async () => {
    const told = await run({
      mean_of: [
        { arguments: [[1, 2, null, 6]], expected: 3 },
        { arguments: { x: [1, 1, 2] }, expected: 1.3333, tolerance: 1e-3 },
        { arguments: [[]], expected: null },
        { arguments: [null], expected: null },
        { arguments: [[1, 2]], expected: 1 },
      ],
      extremes: [
        {
          arguments: [
            ["aa", null, "b", "ccc"],
            [null, null, true, null],
          ],
          expected: { shortest: "b", longest: "ccc", unknown: 2 },
        },
        { arguments: [["a", "b"], [true]], error: "its arguments have 2 and 1 values" },
      ],
    });
    const wrong = "it gives something else than is expected";
    assert.deepEqual(outcomes(told), ["passed", "passed", "passed", "passed", wrong, "passed", "passed"]);
  });

  test("that gives values in place of lists says what is wanted", async () => {
    assert.deepEqual(outcomes(await run({ mean_of: [{ arguments: [1] }, { arguments: [1, 2] }] })), [
      "x must be list(double?), not 1. A case of an aggregate has a list of the group's values for each argument",
      "mean_of() takes 1 argument, and the case gives 2. A case of an aggregate has a list of the group's values for each argument",
    ]);
  });
});

test("a case of a table function is a row, and gives a list of rows", async () => {
  const steps = [
    { number: 1, value: 2 },
    { number: 2, value: 1 },
  ];
  const told = await run({
    words: [
      { arguments: ["one two"], expected: ["one", "two"] },
      { arguments: [""], expected: [] },
      { arguments: [null], expected: null },
    ],
    halvings: [{ arguments: [2], expected: steps }],
  });
  assert.deepEqual(outcomes(told), ["passed", "passed", "passed", "passed"]);
});

test("an update writes what a case of each kind gives, and then it passes", async () => {
  const given = {
    scaled: [{ arguments: [[1, null]] }],
    refuse: [{ arguments: [[1, -1]] }],
    mean_of: [{ arguments: [[1, 2]], expected: 7 }],
    extremes: [{ arguments: [["a"], [null]] }],
    words: [{ arguments: ["a b"], expected: [] }],
  };
  await run(given, { update: true });
  const written: unknown = JSON.parse(readFileSync(module.path(file), "utf8"));
  assert.deepEqual(written, [
    { function: "scaled", cases: [{ arguments: [[1, null]], expected: [3, null] }] },
    { function: "refuse", cases: [{ arguments: [[1, -1]], error: "below zero" }] },
    { function: "mean_of", cases: [{ arguments: [[1, 2]], expected: 1.5 }] },
    {
      function: "extremes",
      cases: [{ arguments: [["a"], [null]], expected: { shortest: "a", longest: "a", unknown: 1 } }],
    },
    { function: "words", cases: [{ arguments: ["a b"], expected: ["a", "b"] }] },
  ]);
  assert.deepEqual(outcomes(await runFiles([file])), ["passed", "passed", "passed", "passed", "passed"]);
});

test("generated rows: functions of every kind, and one whose rows depend on each other fails", async () => {
  const { events } = await runFiles(["src/function_kinds.cpp"]);
  assert.deepEqual(
    events.map(({ path: [name] }) => name),
    module.built.manifest.functions.map(({ name }) => name),
  );
  const failed = events.filter(({ outcome }) => outcome === "failed");
  assert.deepEqual(
    failed.map(({ path: [name] }) => name),
    ["rows_seen"],
  );
  assert.match(failed[0]?.message ?? "", /^rows_seen\(.*\): .*: a row's result may not depend on the other rows, /);
});
