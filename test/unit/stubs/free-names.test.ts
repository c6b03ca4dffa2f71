import assert from "node:assert/strict";
import { test } from "node:test";
import { freeNames } from "../../../src/stubs/free-names.ts";

test("names that are not taken stay as they are", () => {
  assert.deepEqual(freeNames(["a", "b"], new Set(["c"])), ["a", "b"]);
});

test("a taken name gets an underscore, and another where that is taken or wanted too", () => {
  assert.deepEqual(freeNames(["open"], new Set(["open"])), ["open_"]);
  assert.deepEqual(freeNames(["open"], new Set(["open", "open_"])), ["open__"]);
  assert.deepEqual(freeNames(["open", "open_"], new Set(["open"])), ["open__", "open_"]);
});

test("of two equal names the second is changed", () => {
  assert.deepEqual(freeNames(["Pair", "Pair", "Pair_"], new Set()), ["Pair", "Pair__", "Pair_"]);
});
