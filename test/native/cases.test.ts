import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { runTests } from "../../src/testing/run-tests.ts";
import type { TestEvent } from "../../src/testing/test-events.ts";
import type { BuiltModule } from "../support/built-module.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { casesModule, lineOf } from "./cases-module.ts";

/* Cases through the doors of a real artifact: functions that give back what they get, throw, crash, hang, and differ. */

let built: BuiltModule;
const folder = temporaryFolder("cases");

before(async () => {
  built = await casesModule();
});

after(() => rmSync(folder, { recursive: true, force: true }));

type Group = { function: string; tolerance?: number; cases: readonly unknown[] };
type Told = { events: TestEvent[]; text: string; skipped: string[] };
type Options = { update?: boolean; limitSeconds?: number; namePattern?: string };

/** Runs a file of cases in a folder of its own, by the built artifact. */
async function run(groups: readonly Group[], { update = false, ...options }: Options = {}): Promise<Told> {
  const { module, built: result } = built;
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "some.cases.json");
  writeFileSync(file, JSON.stringify(groups, null, 2));
  const skipped: string[] = [];
  const { events } = await runTests({
    module: { ...module, root: module.root, tests: [folder], state: path.join(folder, "state") },
    files: [path.relative(module.root, file)],
    artifact: { manifest: result.manifest, path: result.artifactPath },
    onSkipped: (what) => skipped.push(what),
    ...options,
    ...(update ? { onUpdates: async () => true } : {}),
  });
  return { events: [...events], text: readFileSync(file, "utf8"), skipped };
}

const outcomes = ({ events }: Told) => events.map(({ path: [, title], outcome }) => [title, outcome]);

/** Each with values at its borders; a function gives back what it gets. */
const same: Record<string, readonly unknown[]> = {
  same_bool: [true, false, null],
  same_int8: [-128, 127],
  same_int16: [-32768, 32767],
  same_int32: [-2147483648, 2147483647],
  same_int64: ["-9223372036854775808", "9223372036854775807", 0, null],
  same_uint8: [255],
  same_uint16: [65535],
  same_uint32: [4294967295],
  same_uint64: ["18446744073709551615"],
  same_float: [0.10000000149011612, "NaN", "-0", 3.4028234663852886e38],
  same_double: [0.1, 5e-324, "Infinity", "-Infinity", "NaN", "-0", 1.7976931348623157e308],
  same_date: ["2024-02-29", "0001-01-01", "9999-12-31", -2147483648, 2147483647],
  same_timestamp: ["2024-02-29T12:30:00.123456Z", "1969-12-31T23:59:59.999999Z", "9223372036854775807"],
  same_local_timestamp: ["2024-02-29T12:30:00", "-9223372036854775808"],
  same_money: ["12.50", "-9999999999999999.99", "0.00"],
  same_wide_decimal: ["1234567890123456789012345678.0123456789", "-0.0000000001"],
  same_bytes: ["", "00ff", null],
  maybe_double: [null, "-0"],
  list_int64: [[], ["9223372036854775807", 1], null],
  holes_double: [[null, "NaN", "-0"], []],
  list_bool: [[true, false, true, true, false, false, true, true, true]],
  holes_text: [["a", null, "ü", ""]],
  list_bytes: [["00", "", "ff00"]],
  list_date: [["2024-02-29"]],
  list_money: [["1.00", "-0.01"]],
  same_nested: [[[1, 2], [], [-32768]]],
  same_point: [{ x: 1.5, y: null, label: "ü" }, null],
  same_maybe_points: [[{ x: 1, y: 2, label: "" }, null]],
  same_track: [
    {
      name: "track",
      points: [{ x: "NaN", y: "-0", label: "a" }],
      times: ["9223372036854775807"],
      start: { x: 0, y: null, label: "" },
      end: null,
    },
  ],
  same_stamp: [
    {
      day: "2024-02-29",
      at: "2024-02-29T00:00:00Z",
      price: "1.50",
      local: ["2024-02-29T12:00:00.000001"],
      prices: ["-0.01"],
    },
  ],
};

describe("cases", () => {
  test("a value of every type comes back with the same bits, by column and by call, through Node and through Python", async () => {
    const groups = Object.entries(same).map(([name, values]) => ({
      function: name,
      cases: values.map((value) => ({ arguments: [value], expected: value })),
    }));
    const told = await run(groups);
    assert.deepEqual(told.skipped, []);
    const failed = told.events.filter(({ outcome }) => outcome !== "passed");
    assert.deepEqual(failed, []);
    assert.equal(told.events.length, Object.values(same).flat().length);
  });

  test("another value fails with both sides and the case's line", async () => {
    const { events } = await run([{ function: "third", cases: [{ arguments: [3], expected: 2 }] }]);
    assert.deepEqual(
      events.map(({ outcome, expected, actual, line }) => ({ outcome, expected, actual, line })),
      [{ outcome: "failed", expected: "2", actual: "1", line: 5 }],
    );
  });

  test("a tolerance lets a number be near, and nothing without one", async () => {
    const cases = [
      { name: "near", arguments: [1], expected: 0.33333, tolerance: 1e-4 },
      { name: "not near enough", arguments: [1], expected: 0.33333, tolerance: 1e-6 },
      { name: "without", arguments: [1], expected: 0.33333 },
      { name: "all digits", arguments: [1], expected: 0.3333333333333333 },
      { name: "not a number", arguments: [1], expected: "NaN", tolerance: 1 },
    ];
    assert.deepEqual(outcomes(await run([{ function: "third", cases }])), [
      ["near", "passed"],
      ["not near enough", "failed"],
      ["without", "failed"],
      ["all digits", "passed"],
      ["not a number", "failed"],
    ]);
  });

  test("an error is expected by a part of its message; one that nobody expects names the line that threw", async () => {
    const cases = [
      { name: "expected", arguments: [-1], error: "negative" },
      { name: "another", arguments: [-1], error: "too large" },
      { name: "none", arguments: [-1], expected: 1 },
      { name: "a value", arguments: [1], error: "negative" },
    ];
    const told = await run([{ function: "checked", cases }]);
    assert.deepEqual(
      outcomes(told).map(([, outcome]) => outcome),
      ["passed", "failed", "failed", "failed"],
    );
    const line = lineOf("it is negative");
    assert.deepEqual(told.events[2]?.cause, { file: "src/cases.cpp", line });
    assert.equal(told.events[2]?.actual, "error: it is negative");
  });

  test("a crash fails its case alone and names the line", async () => {
    const cases = [1, 7, 2, 7, 3].map((value) => ({ arguments: [value], expected: value }));
    const told = await run([{ function: "crash_at", cases }]);
    assert.deepEqual(
      outcomes(told).map(([, outcome]) => outcome),
      ["passed", "failed", "passed", "failed", "passed"],
    );
    const line = lineOf("return *nowhere");
    assert.deepEqual(told.events[1]?.cause, { file: "src/cases.cpp", line });
    assert.match(told.events[1]?.message ?? "", /SIGSEGV/);
  });

  test("a function that does not return fails its case when the time is over", async () => {
    const cases = [1, 7, 2].map((value) => ({ arguments: [value], expected: value }));
    const told = await run([{ function: "wait_at", cases }], { limitSeconds: 3 });
    assert.deepEqual(
      outcomes(told).map(([, outcome]) => outcome),
      ["passed", "failed", "passed"],
    );
    assert.match(told.events[1]?.message ?? "", /^the process did not return within 3 s/);
  });

  test("a function that gives something else each time it is called fails, and says which calls differ", async () => {
    const { events } = await run([{ function: "count_calls", cases: [{ arguments: [0], expected: 1 }] }]);
    assert.deepEqual(
      events.map(({ outcome, message }) => [outcome, message]),
      [["failed", "a column through the Node door and a call through the Node door give different results"]],
    );
  });

  test("arguments are given by name, and those with a default may be left out", async () => {
    const cases = [
      { arguments: { value: 1.5, unit: " mi" }, expected: "3.000000 mi?" },
      { arguments: [1.5], expected: "3.000000 km?" },
    ];
    const told = await run([{ function: "describe", cases: cases.slice(1) }]);
    assert.deepEqual(
      told.events.map(({ outcome, actual }) => [outcome, actual]),
      [["passed", undefined]],
    );
    const gap = await run([{ function: "describe", cases: cases.slice(0, 1) }]);
    assert.match(gap.events[0]?.message ?? "", /^describe\(\) needs the argument "times"$/);
  });

  test("where all arguments are left out, it is tested by calls", async () => {
    assert.deepEqual(outcomes(await run([{ function: "doubled", cases: [{ arguments: [], expected: 42 }] }])), [
      ["()", "passed"],
    ]);
  });

  test("a case that makes no sense fails and says why", async () => {
    const told = await run([
      { function: "thirds", cases: [{ arguments: [1], expected: 1 }] },
      {
        function: "third",
        cases: [{ arguments: [] }, { arguments: [1, 2] }, { arguments: ["x"] }, { arguments: { x: 1 } }],
      },
    ]);
    assert.deepEqual(
      told.events.map(({ message }) => message),
      [
        'the module has no function "thirds". Did you mean "third"?',
        'third() needs the argument "value"',
        "third() takes 1 argument, and the case gives 2",
        'value must be double, not "x"',
        'third() has no argument "x". There is: value.',
      ],
    );
  });

  test("an update writes what the cases give, as a result or an error, and a second run passes", async () => {
    const groups = [
      { function: "third", cases: [{ arguments: [1] }, { arguments: ["NaN"], expected: 1 }] },
      {
        function: "checked",
        cases: [
          { arguments: [-1], expected: 1 },
          { arguments: [1], error: "no" },
        ],
      },
    ];
    const { text } = await run(groups, { update: true });
    const updated: unknown = JSON.parse(text);
    assert.deepEqual(updated, [
      {
        function: "third",
        cases: [
          { arguments: [1], expected: 0.3333333333333333 },
          { arguments: ["NaN"], expected: "NaN" },
        ],
      },
      {
        function: "checked",
        cases: [
          { arguments: [-1], error: "it is negative" },
          { arguments: [1], expected: 1 },
        ],
      },
    ]);
  });
});
