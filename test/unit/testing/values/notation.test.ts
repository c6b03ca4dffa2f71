import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Type } from "../../../../src/core/types.ts";
import { type Json, NotationError, readValue, writeValue } from "../../../../src/testing/values/notation.ts";
import type { Value } from "../../../../src/testing/values/value.ts";

/* Expected values: counted by hand, or by Python's datetime, decimal and struct. */

const bytes = (...values: number[]) => new Uint8Array(values);
const money: Type = { decimal: { precision: 5, scale: 2 } };
const point: Type = {
  struct: "Point",
  fields: [
    { name: "x", type: "double", nullable: false },
    { name: "tags", type: { list: { type: "string", nullable: true } }, nullable: true },
  ],
};

const exact: [type: Type, json: Json, value: Value][] = [
  ["bool", true, true],
  ["int8", -128, -128],
  ["uint32", 4294967295, 4294967295],
  ["int64", "9223372036854775807", 9223372036854775807n],
  ["int64", -9007199254740991, -9007199254740991n],
  ["uint64", "18446744073709551615", 18446744073709551615n],
  ["double", "NaN", Number.NaN],
  ["double", "-Infinity", Number.NEGATIVE_INFINITY],
  ["double", "-0", -0],
  ["double", 5e-324, 5e-324],
  ["float", 0.10000000149011612, 0.10000000149011612],
  ["string", "grüße", bytes(0x67, 0x72, 0xc3, 0xbc, 0xc3, 0x9f, 0x65)],
  ["string", { hex: "ff41" }, bytes(0xff, 0x41)],
  ["bytes", "00ff", bytes(0, 255)],
  // (date(2024, 2, 29) - date(1970, 1, 1)).days
  ["date", "2024-02-29", 19782],
  ["date", "0001-01-01", -719162],
  ["date", "9999-12-31", 2932896],
  ["date", -2147483648, -2147483648],
  // (datetime(1969, 12, 31, 23, 59, 59, 999999) - datetime(1970, 1, 1)) // timedelta(microseconds=1)
  ["timestamp", "1969-12-31T23:59:59.999999Z", -1n],
  ["local_timestamp", "2024-02-29T12:30:00", 1709209800000000n],
  ["timestamp", "9223372036854775807", 9223372036854775807n],
  [money, "-12.50", -1250n],
  [money, "0.05", 5n],
  [{ list: { type: "int32", nullable: true } }, [1, null], [1, null]],
  [point, { x: 1.5, tags: ["a", null] }, [1.5, [bytes(0x61), null]]],
];

describe("an exact value and its notation are the same in both directions", () => {
  for (const [type, json, value] of exact) {
    test(`${JSON.stringify(type)}: ${JSON.stringify(json)}`, () => {
      assert.deepEqual(readValue(json, type, false), value);
      assert.deepEqual(writeValue(value, type), json);
    });
  }
});

test("other ways to write a value are read too", () => {
  assert.equal(readValue(9223372036854775807n, "int64", false), 9223372036854775807n);
  assert.equal(readValue("1709209800000000", "timestamp", false), 1709209800000000n);
  assert.equal(readValue("2024-02-29T12:30:00.5Z", "timestamp", false), 1709209800500000n);
  assert.equal(readValue(0.1, "float", false), 0.10000000149011612);
  assert.equal(readValue("1.5", money, false), 150n);
  assert.equal(readValue(null, "int8", true), null);
});

const refused: [type: Type, json: Json, message: RegExp][] = [
  ["int8", 128, /^must be int8, not 128$/],
  ["uint8", -1, /^must be uint8/],
  ["int32", 1.5, /^must be int32/],
  ["int64", 2 ** 53, /^must be int64/],
  ["double", "1", /^must be double, not "1"$/],
  ["bool", 0, /^must be bool/],
  ["bytes", "0f0", /^must be bytes/],
  ["date", "2024-02-30", /^must be date, not "2024-02-30"$/],
  ["timestamp", "2024-02-29T12:30:00", /^must be timestamp/],
  ["local_timestamp", "2024-02-29T12:30:00Z", /^must be local_timestamp/],
  ["timestamp", "2024-02-29T24:00:00Z", /^must be timestamp/],
  [money, "1.001", /^must be decimal\(5, 2\)/],
  [money, "1000.00", /^must be decimal\(5, 2\)/],
  ["int8", null, /^must be int8, not null$/],
  [point, { x: 1, y: 2 }, /^has no field "y"/],
  [point, { x: null, tags: null }, /^\.x must be double, not null$/],
  [point, { x: 1, tags: [1] }, /^\.tags \[0\] must be string, not 1$/],
];

describe("a value that is not of its type is refused with what was expected and where", () => {
  for (const [type, json, message] of refused) {
    test(`${JSON.stringify(type)}: ${JSON.stringify(json)}`, () => {
      assert.throws(
        () => readValue(json, type, false),
        (error) => error instanceof NotationError && message.test(error.message),
      );
    });
  }
});
