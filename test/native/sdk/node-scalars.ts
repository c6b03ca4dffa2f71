import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { Functions, openDoor } from "./node-host.ts";

/** Calls of one row through the Node door. */
export function nodeScalarTests(artifact: string): void {
  const door = openDoor(artifact);
  const functions = new Functions(door);
  const call = (name: string, ...args: unknown[]) => door.call(functions.index(name), ...args);
  const refuses = (name: string, args: unknown[], message: string | RegExp) =>
    assert.throws(() => call(name, ...args), { name: "TypeError", code: "UDF_USAGE_ERROR", message });

  test("the description holds names, types, nullability, docs and configs as they were registered", () => {
    assert.equal(functions.get("documented").doc, 'Line one.\nSays "two" \\ \t ümlaut.');
    assert.deepEqual(functions.get("count_nulls").arguments, [
      { name: "a", type: "double", nullable: true },
      { name: "b", type: "string", nullable: true },
      { name: "c", type: "bool", nullable: true },
    ]);
    assert.deepEqual(functions.get("maybe_int64").result, { type: "int64", nullable: true });
    assert.equal(functions.get("find").config, "table.csv");
    assert.equal(functions.get("same_bool").config, undefined);
    const { type } = functions.get("maybe_all").result;
    assert.ok(typeof type !== "string" && "struct" in type);
    assert.equal(type.struct, "All");
    assert.deepEqual(
      type.fields.map(({ name, type: field, nullable }) => `${name}: ${field}${nullable ? "?" : ""}`),
      [
        ...["flag: bool", "small: int32", "big: int64", "narrow: float", "wide: double", "text: string"],
        ...["maybe_wide: double?", "maybe_text: string?", "maybe_flag: bool?"],
      ],
    );
  });

  test("a struct of 16 fields keeps them all", () => {
    const expected = Object.fromEntries([..."abcdefghijklmnop"].map((name, index) => [name, 100 + index]));
    assert.deepEqual(call("wide", 100), expected);
  });

  test("every type comes back from a call as it went in", () => {
    const cases: [string, unknown[]][] = [
      ["same_bool", [true, false]],
      ["same_int32", [0, -1, 2147483647, -2147483648]],
      ["same_int64", [0n, -1n, 9223372036854775807n, -9223372036854775808n]],
      ["same_float", [0, -0, 1.5, Math.fround(0.1), Number.NaN, Number.POSITIVE_INFINITY]],
      ["same_double", [0, -0, 0.1, 5e-324, 1.7976931348623157e308, Number.NaN, Number.NEGATIVE_INFINITY]],
      ["same_text", ["", "a", "Zürich", "日本", "🛫", "nul \0 inside", "x".repeat(509), "ü".repeat(5000)]],
    ];
    for (const [name, values] of cases)
      for (const value of values) assert.ok(Object.is(call(name, value), value), name);
  });

  test("an int64 takes safe integers as well as bigints", () => {
    assert.equal(call("same_int64", 42), 42n);
    assert.equal(call("same_int64", -9007199254740991), -9007199254740991n);
  });

  test("half a surrogate pair becomes the replacement character", () => {
    assert.equal(call("same_text", "a\ud83d"), "a\ufffd");
  });

  test("a null gives null without a call, an optional argument sees it, an optional result may be it", () => {
    assert.equal(call("same_double", null), null);
    assert.equal(call("fail_at", 1, null), null);
    assert.equal(call("maybe_text", null), null);
    assert.equal(call("maybe_text", "x"), "<x>");
    assert.equal(call("count_nulls", null, null, null), 3);
    assert.equal(call("count_nulls", 1, "", false), 0);
    assert.equal(call("sum_or", 1, null), 1001);
    assert.equal(call("sum_or", null, 1), null);
    assert.equal(call("quotient", 1, 0), null);
  });

  test("a struct result is an object, with null for a field that is null", () => {
    assert.deepEqual(call("all", 3), {
      ...{ flag: false, small: 3, big: 3n << 40n, narrow: 1.5, wide: 0.75, text: "3" },
      ...{ maybe_wide: null, maybe_text: null, maybe_flag: null },
    });
    assert.deepEqual(call("maybe_all", 4), {
      ...{ flag: true, small: 4, big: 4n << 40n, narrow: 2, wide: 1, text: "4" },
      ...{ maybe_wide: 5, maybe_text: "n4", maybe_flag: true },
    });
    assert.equal(call("maybe_all", -1), null);
  });

  test("lambdas are functions, and a result may be a view of an argument that was made for the call", () => {
    assert.equal(call("twice", 21), 42);
    const text = "0123456789".repeat(10);
    assert.equal(call("second_half", text), text.slice(50));
  });

  test("a wrong argument is refused by its name and type", () => {
    refuses("same_double", ["x"], 'same_double(): argument "value" must be a number, not a string');
    refuses("same_double", [undefined], 'same_double(): argument "value" must be a number, not undefined');
    refuses("same_double", [1n], 'same_double(): argument "value" must be a number, not 1');
    refuses("same_bool", [1], 'same_bool(): argument "value" must be a boolean, not 1');
    refuses("same_text", [{}], 'same_text(): argument "value" must be a string, not an object');
    refuses("same_int32", [1.5], 'same_int32(): argument "value" must be an integer of 32 bits, not 1.5');
    refuses("same_int32", [2147483648], 'same_int32(): argument "value" must be an integer of 32 bits, not 2147483648');
    refuses("same_int32", [Number.NaN], 'same_int32(): argument "value" must be an integer of 32 bits, not NaN');
    refuses("same_int32", [1n], 'same_int32(): argument "value" must be an integer of 32 bits, not 1');
    refuses(
      "same_int64",
      [2 ** 53],
      'same_int64(): argument "value" must be an integer of 64 bits, not 9007199254740992',
    );
    refuses("same_int64", [2n ** 63n], /must be an integer of 64 bits, not 9223372036854775808$/);
    refuses("sum", [1, "y"], 'sum(): argument "b" must be a number, not a string');
  });

  test("a wrong number of arguments, or an unknown function, is refused", () => {
    refuses("sum", [1], "sum() takes 2 arguments, not 1");
    refuses("same_bool", [true, true], "same_bool() takes 1 argument, not 2");
    const unknown = { code: "UDF_USAGE_ERROR", message: /^there is no function -?\d+; the module has \d+$/ };
    for (const index of [10000, -1, 1.5]) assert.throws(() => door.call(index), unknown);
    assert.throws(() => Reflect.apply(door.call, undefined, []), unknown);
  });

  test("what a function throws is an error with the function's name, whatever was thrown", () => {
    const error = (name: string, message: string) => ({ code: "UDF_ROW_ERROR", function: name, message });
    assert.throws(() => call("fail_at", 7, 7), error("fail_at", "row 7 is bad"));
    assert.throws(() => call("fail_oddly", 1), error("fail_oddly", "the function threw an object of type int"));
    assert.throws(() => call("fail_oddly", 2), error("fail_oddly", "a text"));
    assert.throws(() => call("fail_oddly", 3), error("fail_oddly", "a string"));
    assert.throws(
      () => call("fail_at", 7, 7),
      (thrown: Error) => !("row" in thrown),
    );
  });

  test("the artifact loads again in worker threads, while the main thread goes on", async () => {
    const program = `
      const { parentPort, workerData } = require("node:worker_threads");
      const module = { exports: {} };
      process.dlopen(module, workerData.artifact);
      let sum = 0;
      for (let row = 0; row < 1000; row++) sum += module.exports.call(workerData.index, row, 1);
      let code;
      try { module.exports.call(workerData.index, "x", 1); } catch (error) { code = error.code; }
      parentPort.postMessage([sum, code]);`;
    for (let round = 0; round < 2; round++) {
      const answers = Array.from({ length: 3 }, () => {
        const worker = new Worker(program, { eval: true, workerData: { artifact, index: functions.index("sum") } });
        return new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
      });
      assert.equal(call("sum", 1, 2), 3);
      for (const answer of answers) assert.deepEqual(await answer, [500500, "UDF_USAGE_ERROR"]);
    }
    assert.equal(call("sum", 1, 2), 3);
    assert.equal(openDoor(artifact).call(functions.index("sum"), 2, 3), 5);
  });
}
