import assert from "node:assert/strict";
import { test } from "node:test";
import { thousands } from "../../../src/core/thousands.ts";

test("a number has a comma before each three digits, as Node writes it for English", () => {
  for (const count of [0, 7, 999, 1000, 12_345, 1_204_331, 3_000_000_000, -1000, -999_999]) {
    assert.equal(thousands(count), count.toLocaleString("en-US"));
  }
});
