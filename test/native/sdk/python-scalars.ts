import assert from "node:assert/strict";
import { test } from "node:test";
import { pythons } from "../../support/python.ts";
import { Functions, openDoor } from "./node-host.ts";
import { type Answer, inPython, type Request } from "./python-host.ts";

const float = (value: number) => ({ float: hexOf(value) });
const int = (value: bigint) => ({ int: String(value) });

/** As Python's float.hex() writes it, for numbers whose text is short. */
function hexOf(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return value.toString(16).includes("e") ? String(value) : value.toString(16).replace(/^(-?)/, "$10x");
}

/** Calls of one row through the Python door, in every Python that is there. */
export function pythonScalarTests(artifact: string): void {
  const functions = new Functions(openDoor(artifact));
  const call = (name: string, ...args: unknown[]): Request => ({
    do: "call",
    index: functions.index(name),
    arguments: args,
  });
  const inEachPython = async (requests: readonly Request[], check: (answers: readonly Answer[]) => void) => {
    const found = await pythons();
    assert.ok(found.length > 0, "the tests need Python 3.10 or later");
    for (const { command } of found) check(await inPython({ command, module: "types", artifact }, requests));
  };
  const resultsAre = (expected: readonly (readonly [Request, unknown])[]) =>
    inEachPython(
      expected.map(([request]) => request),
      (answers) =>
        assert.deepEqual(
          answers,
          expected.map(([, result]) => ({ result })),
        ),
    );

  test("Python describes the module as Node does", async () => {
    await resultsAre([[{ do: "describe" }, openDoor(artifact).describe()]]);
  });

  test("every type comes back from Python as it went in", async () => {
    await resultsAre([
      [call("same_bool", true), true],
      [call("same_bool", false), false],
      [call("same_int32", -2147483648), "-2147483648"],
      [call("same_int64", int(9223372036854775807n)), "9223372036854775807"],
      [call("same_int64", int(-9223372036854775808n)), "-9223372036854775808"],
      [call("same_double", float(0.5)), "0x1.0000000000000p-1"],
      [call("same_double", float(Number.NaN)), "nan"],
      [call("same_double", float(Number.NEGATIVE_INFINITY)), "-inf"],
      [call("same_double", { float: "-0x0.0p+0" }), "-0x0.0p+0"],
      [call("same_double", 3), "0x1.8000000000000p+1"],
      [call("same_float", { float: "0x1.999999999999ap-4" }), "0x1.99999a0000000p-4"],
      ...["", "Zürich", "nul \0 inside", "🛫", "x".repeat(2000)].map(
        (text) => [call("same_text", text), text] as const,
      ),
    ]);
  });

  test("Python's null rules are those of Node, and a struct is a tuple", async () => {
    await resultsAre([
      [call("same_double", null), null],
      [call("maybe_text", null), null],
      [call("maybe_text", "x"), "<x>"],
      [call("count_nulls", null, "", null), "2"],
      [call("quotient", 1, 0), null],
      [call("maybe_all", -1), null],
      [
        call("all", 3),
        [false, "3", String(3n << 40n), "0x1.8000000000000p+0", "0x1.8000000000000p-1", "3", null, null, null],
      ],
    ]);
  });

  test("Python refuses wrong arguments with a TypeError that names them", async () => {
    const cases: [Request, string][] = [
      [call("same_double", "x"), 'same_double(): argument "value" must be a number, not str'],
      [
        call("same_int32", { float: "0x1p+0" }),
        'same_int32(): argument "value" must be an integer of 32 bits, not float',
      ],
      [call("same_int32", 2147483648), 'same_int32(): argument "value" must be an integer of 32 bits, not int'],
      [call("same_int64", int(2n ** 63n)), 'same_int64(): argument "value" must be an integer of 64 bits, not int'],
      [call("same_int64", -1), ""],
      [call("same_bool", 1), 'same_bool(): argument "value" must be a boolean, not int'],
      [call("same_text", { object: true }), 'same_text(): argument "value" must be a string, not object'],
      [call("sum", 1), "sum() takes 2 arguments, not 1"],
      [{ do: "call", index: 9999, arguments: [] }, `there is no function 9999; the module has ${functions.count}`],
    ];
    await inEachPython(
      cases.map(([request]) => request),
      (answers) => {
        for (const [index, [, message]] of cases.entries()) {
          if (message === "") assert.deepEqual(answers[index], { result: "-1" });
          else assert.deepEqual(answers[index]?.error, { type: "TypeError", message, code: "UDF_USAGE_ERROR" });
        }
      },
    );
  });

  test("what a function throws is a RowError in Python", async () => {
    await inEachPython([call("fail_at", 7, 7), call("fail_oddly", 1)], ([first, second]) => {
      assert.deepEqual(first?.error, {
        ...{ type: "RowError", message: "row 7 is bad", code: "UDF_ROW_ERROR", function: "fail_at", row: null },
      });
      assert.equal(second?.error?.message, "the function threw an object of type int");
    });
  });
}
