import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { UdfError } from "../../../../src/core/error.ts";
import { casesIn } from "../../../../src/testing/cases/case-file.ts";
import { findCases } from "../../../../src/testing/cases/find-cases.ts";

const text = `[
  {
    "function": "double_it",
    "tolerance": 0.5,
    "cases": [
      { "arguments": [9223372036854775807], "expected": null },
      {
        "name": "named",
        "arguments": { "x": 1 },
        "error": "too small",
        "tolerance": 0
      },
      { "arguments": { "x": 1 } },
      { "arguments": { "x": 1 } }
    ]
  },
  { "function": "other", "cases": [{ "arguments": [] }] }
]
`;

test("cases have their lines, their titles, exact integers, and the tolerance of their group", () => {
  const cases = casesIn(text, "a.cases.json");
  assert.deepEqual(
    cases.map((each) => [each.function, each.title, each.line, each.lastLine, each.tolerance]),
    [
      ["double_it", "(9223372036854775807)", 6, 6, 0.5],
      ["double_it", "named", 7, 12, 0],
      ["double_it", "(x: 1)", 13, 13, 0.5],
      ["double_it", "(x: 1) #2", 14, 14, 0.5],
      ["other", "()", 17, 17, undefined],
    ],
  );
  assert.deepEqual(cases[0]?.arguments, [9223372036854775807n]);
  assert.deepEqual([cases[0]?.expected, cases[1]?.expected], [null, undefined]);
  assert.equal(cases[1]?.error, "too small");
});

test("an editor finds functions with their cases in them, and nothing in a file that is not whole", () => {
  assert.deepEqual(findCases(text, "a.cases.json").slice(0, 2), [
    { path: ["double_it"], suite: true, line: 6, lastLine: 14 },
    { path: ["double_it", "(9223372036854775807)"], suite: false, line: 6, lastLine: 6 },
  ]);
  assert.deepEqual(findCases("[{", "a.cases.json"), []);
});

describe("a file that is wrong is refused at its line", () => {
  const wrong: [text: string, where: string, what: RegExp][] = [
    ["", "a.cases.json:1", /^it is empty$|^it is not valid JSON/],
    ['{\n  "function": 1', "a.cases.json:2", /^it is not valid JSON/],
    ['{\n  "function": "f",\n  "cases": [{}]\n}', "a.cases.json:3", /^cases\.0\.arguments: /],
    ['[\n{ "function": "f", "cases": [] },\n{ "function": 1, "cases": [] }]', "a.cases.json:3", /^1\.function: /],
    ['{ "function": "f",\n "cases": [{ "arguments": [],\n "expects": 1 }] }', "a.cases.json:2", /expects/],
  ];
  for (const [content, where, what] of wrong) {
    test(JSON.stringify(content), () => {
      assert.throws(
        () => casesIn(content, "a.cases.json"),
        (error) => {
          assert.ok(error instanceof UdfError);
          assert.deepEqual([error.code, error.where], ["TEST_INVALID", where]);
          assert.match(error.what, what);
          return true;
        },
      );
    });
  }
});
