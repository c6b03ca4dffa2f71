import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { UdfError } from "../../../../src/core/error.ts";
import type { Type } from "../../../../src/core/types.ts";
import type { CaseUpdate } from "../../../../src/testing/cases/case.ts";
import { casesIn, updatedText } from "../../../../src/testing/cases/case-file.ts";
import { cellOfJson, jsonOfCell } from "../../../../src/testing/cases/csv-cells.ts";
import type { Json } from "../../../../src/testing/values/notation.ts";

const file = "test/share.large.cases.csv";

test("cases have the function of the file's name, their lines and titles, and what each column says", () => {
  const text = 'part,whole,expected,tolerance,name\n1,4,0.25,,\n"",,,0.5,named\n1,4,"a\nb",,\n\n1,4,1,,\n';
  const cases = casesIn(text, file);
  assert.deepEqual(
    cases.map((each) => [each.function, each.title, each.line, each.lastLine, each.tolerance]),
    [
      ["share", "(1, 4)", 2, 2, undefined],
      ["share", "named", 3, 3, 0.5],
      ["share", "(1, 4) #2", 4, 5, undefined],
      ["share", "(1, 4) #3", 7, 7, undefined],
    ],
  );
  assert.deepEqual(
    cases.map((each) => [each.arguments, each.expected, each.error]),
    [
      [{ part: "1", whole: "4" }, "0.25", undefined],
      [{ part: "", whole: null }, null, undefined],
      [{ part: "1", whole: "4" }, "a\nb", undefined],
      [{ part: "1", whole: "4" }, "1", undefined],
    ],
  );
});

test("arguments stand before the last column expected, so they may have any name", () => {
  const [first] = casesIn("name,expected,error,expected,error\na,b,c,,too large\n", file);
  assert.deepEqual(first?.arguments, { name: "a", expected: "b", error: "c" });
  assert.deepEqual([first?.expected, first?.error, first?.title], [undefined, "too large", "(a, b, c)"]);
});

test("a file from a spreadsheet has a mark at its begin and CRLF: both are no part of a cell", () => {
  const [first, ...others] = casesIn("\ufeffcelsius,expected\r\n100,212\r\n", file);
  assert.deepEqual([first?.arguments, first?.expected, others], [{ celsius: "100" }, "212", []]);
});

test("without a column expected, cases do not say what they expect", () => {
  const [first] = casesIn("a,b\n1,2", file);
  assert.deepEqual([first?.arguments, first?.expected], [{ a: "1", b: "2" }, undefined]);
});

describe("a file that is wrong is refused at its line", () => {
  const wrong: [text: string, line: number, what: RegExp][] = [
    ["", 1, /^it is empty: its first line has the names of the arguments and "expected"$/],
    ["a,expected\n1\n", 2, /^it has 1 cell, and the first line has 2$/],
    ["a,expected\n1,2\n1,2,3\n", 3, /^it has 3 cells, and the first line has 2$/],
    ['a,expected\n"1,2\n', 2, /^a quote is not closed$/],
    ['a,expected\n1,2\n1"2,3', 3, /^a cell with a quote in it is written in quotes, and the quote twice/],
    ["a,,expected\n", 1, /^column 2 has no name$/],
    ["a;expected\n1;2\n", 1, /^its cells stand between commas, and a column cannot be "a;expected"$/],
    ["a,a,expected\n", 1, /^there are two columns "a"$/],
    ["a,expected,tolerence\n", 1, /^a column after "expected" cannot be "tolerence"\. Did you mean "tolerance"\?/],
    ["a,expected,tolerance\n1,2,x\n", 2, /^tolerance must be a number from 0 on, not x$/],
    ["a,expected,tolerance\n1,2,-1\n", 2, /^tolerance must be/],
  ];
  for (const [content, line, what] of wrong) {
    test(JSON.stringify(content), () => {
      assert.throws(
        () => casesIn(content, file),
        (error) => {
          assert.ok(error instanceof UdfError);
          assert.deepEqual([error.code, error.where], ["TEST_INVALID", `${file}:${line}`]);
          assert.match(error.what, what);
          return true;
        },
      );
    });
  }
});

describe("a cell says a value by its type", () => {
  const list: Type = { list: { type: "int64", nullable: true } };
  const said: [cell: string | null, type: Type, json: Json][] = [
    [null, "string", null],
    ["", "string", ""],
    [" 1 ", "string", " 1 "],
    ['{"hex": "ff"}', "string", { hex: "ff" }],
    ["1.5", "double", 1.5],
    [" -1e-3 ", "double", -0.001],
    ["NaN", "float", "NaN"],
    ["9223372036854775807", "int64", "9223372036854775807"],
    ["TRUE", "bool", true],
    ["false", "bool", false],
    ["12.50", { decimal: { precision: 4, scale: 2 } }, "12.50"],
    ["2024-02-29", "date", "2024-02-29"],
    ["[1, null, 9223372036854775807]", list, [1, null, 9223372036854775807n]],
    ['{"km": 1.5}', { struct: "S", fields: [{ name: "km", type: "double", nullable: false }] }, { km: 1.5 }],
  ];
  for (const [cell, type, json] of said) {
    test(`${JSON.stringify(cell)} as ${JSON.stringify(type)}`, () => assert.deepEqual(jsonOfCell(cell, type), json));
  }

  test("and what is no JSON where that is wanted is refused", () => {
    assert.throws(() => jsonOfCell("1;2", list), /^Error: must be list\(int64\?\) in JSON, not 1;2$/);
  });

  test("and a value is written as such a cell", () => {
    assert.deepEqual([null, "", "NaN", 1.5, true, [1, null, "a"], { hex: "ff" }, '{"hex":"ff"}'].map(cellOfJson), [
      null,
      "",
      "NaN",
      "1.5",
      "true",
      '[1, null, "a"]',
      '{ "hex": "ff" }',
      '{ "hex": "7b22686578223a226666227d" }',
    ]);
  });
});

describe("an update", () => {
  const updated = (text: string, updates: Record<number, Pick<CaseUpdate, "expected" | "error">>) => {
    const cases = casesIn(text, file);
    const all = Object.entries(updates).flatMap(([index, fields]) => {
      const each = cases[Number(index)];
      return each ? [{ file, each, message: "", ...fields }] : [];
    });
    return updatedText({ file, text, cases }, all);
  };
  const value = (expected: Json) => ({ expected, error: undefined });
  const error = (message: string) => ({ expected: undefined, error: message });

  test("writes the cases that it is told of, and leaves each other byte as it is", () => {
    const text = '\ufeff"a",expected\r\n\r\n"ü", 1 \r\n"b, ""c""",2\r\n"d",3';
    assert.equal(
      updated(text, { 1: value('x,"y"') }),
      '\ufeff"a",expected\r\n\r\n"ü", 1 \r\n"b, ""c""","x,""y"""\r\n"d",3',
    );
  });

  test("writes null as nothing, an empty text in quotes, and lists as JSON", () => {
    assert.equal(
      updated("a,expected\n1,1\n,2\n3,3\n", { 0: value(null), 1: value(""), 2: value([1, "b"]) }),
      'a,expected\n1,\n,""\n3,"[1, ""b""]"\n',
    );
  });

  test("adds the columns that are missing", () => {
    assert.equal(updated("a\n1\n2\n", { 0: value(5), 1: value(null) }), "a,expected\n1,5\n2,\n");
    assert.equal(
      updated("a,expected\n1,1\n2,2\n", { 1: error("too large") }),
      "a,expected,error\n1,1,\n2,,too large\n",
    );
    assert.equal(updated("error\n1\n", { 0: error("no") }), "error,expected,error\n1,,no\n");
  });

  test("puts a result in the place of an error", () => {
    assert.equal(updated("a,expected,error,name\n1,,no,one\n", { 0: value(1) }), "a,expected,error,name\n1,1,,one\n");
  });
});
