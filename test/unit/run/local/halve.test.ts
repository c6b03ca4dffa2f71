import assert from "node:assert/strict";
import { test } from "node:test";
import { findFailingRow } from "../../../../src/run/local/halve.ts";

/** Rows that fail where one of `bad` is among them; counts how often it is asked. */
function failing(bad: readonly number[]) {
  const asked = { times: 0 };
  const fails = async (begin: number, end: number) => {
    asked.times += 1;
    return bad.some((row) => begin <= row && row < end);
  };
  return { asked, fails };
}

test("a row that fails alone is found wherever it is, also beside others that fail", async () => {
  for (const bad of [[0], [99], [37], [3, 4, 98]]) {
    const found = await findFailingRow({ begin: 0, end: 100 }, failing(bad).fails);
    assert.ok(found !== undefined && bad.includes(found), `${found} of ${bad}`);
  }
});

test("the tries grow with the digits of the number of rows, not with the rows", async () => {
  const { asked, fails } = failing([777_777]);
  assert.equal(await findFailingRow({ begin: 0, end: 1_000_000 }, fails), 777_777);
  assert.ok(asked.times <= 2 * 20 + 1, `${asked.times} tries`);
});

test("where an earlier row breaks what a later one meets, the earlier one is found", async () => {
  for (const [breaks, meets] of [
    [10, 90],
    [0, 99],
    [49, 50],
  ] as const) {
    const fails = async (begin: number, end: number) => begin <= breaks && meets < end;
    assert.equal(await findFailingRow({ begin: 0, end: 100 }, fails), breaks);
  }
});

test("nothing is found where the rows do not fail again", async () => {
  assert.equal(await findFailingRow({ begin: 0, end: 100 }, failing([]).fails), undefined);
  assert.equal(await findFailingRow({ begin: 0, end: 1 }, failing([]).fails), undefined);
  assert.equal(await findFailingRow({ begin: 0, end: 0 }, failing([]).fails), undefined);
});
