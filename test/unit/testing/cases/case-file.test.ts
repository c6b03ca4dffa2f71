import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { UdfError } from "../../../../src/core/error.ts";
import { casesIn, updatedText } from "../../../../src/testing/cases/case-file.ts";
import { findCases } from "../../../../src/testing/cases/find-cases.ts";
import type { Json } from "../../../../src/testing/values/notation.ts";

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
    ["", "a.cases.json:1", /^it is empty$/],
    ["\ufeff\n", "a.cases.json:1", /^it is empty$/],
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

describe("an update", () => {
  type Update = [index: number, fields: { expected?: Json; error?: string }];
  const updated = (before: string, ...updates: Update[]) => {
    const file = "a.cases.json";
    const cases = casesIn(before, file);
    const all = updates.flatMap(([index, { expected, error }]) => {
      const each = cases[index];
      return each ? [{ file, each, message: "", expected, error }] : [];
    });
    return updatedText({ file, text: before, cases }, all);
  };

  test("adds, changes and takes away, with each value on one line, and leaves all else as it is", () => {
    const before = `{ "function":"f", "cases": [
  { "arguments": [[1,  2]] },
  { "arguments": [2], "expected": [1,
    2], "tolerance": 1 },
  {
    "name": "c",
    "arguments": [3],
    "expected": 1
  },
  { "arguments": [4], "error": "no" }
] }
`;
    const told = updated(
      before,
      [0, { expected: { a: [1, null], b: "x" } }],
      [1, { expected: [3] }],
      [2, { error: "too small" }],
      [3, { expected: 0 }],
    );
    assert.equal(
      told,
      `{ "function":"f", "cases": [
  { "arguments": [[1,  2]], "expected": { "a": [1, null], "b": "x" } },
  { "arguments": [2], "expected": [3], "tolerance": 1 },
  {
    "name": "c",
    "arguments": [3],
    "error": "too small"
  },
  { "arguments": [4], "expected": 0 }
] }
`,
    );
  });

  test("keeps the mark at the begin of a file, CRLF and tabs", () => {
    const [begin, end] = ['\ufeff[{ "function": "f", "cases": [\r\n\t{\r\n\t\t"arguments": [1]', "\r\n\t}\r\n] }]"];
    assert.equal(updated(begin + end, [0, { expected: 2 }]), `${begin},\r\n\t\t"expected": 2${end}`);
  });
});
