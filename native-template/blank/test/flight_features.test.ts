import assert from "node:assert/strict";
import { test } from "node:test";
import { fahrenheit, initials } from "../stubs/flight_features.ts";

test("water freezes at 32 and boils at 212 degrees Fahrenheit", () => {
  assert.deepEqual([0, 100].map(fahrenheit), [32, 212]);
});

test("initials are the first letters of up to three words", () => {
  assert.equal(initials("new york city hall"), "NYC");
});
