import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { findTests } from "../../../src/testing/find-tests.ts";
import { projectRoot } from "../../support/command-line.ts";

const brief = (text: string) =>
  findTests(text).map(({ path: names, line, lastLine }) => [names.join(" › "), line, lastLine]);

describe("the tests of a file", () => {
  test("are those of the template, with their lines", () => {
    const file = path.join(projectRoot, "native-template", "test", "flight_features.test.ts");
    const text = readFileSync(file, "utf8");
    const lineOf = (part: string) => text.split("\n").findIndex((line) => line.includes(part)) + 1;
    const found = findTests(text);
    assert.deepEqual(
      found.map(({ path: names, line }) => [names.at(-1), line]),
      [
        "haversine_km",
        "gives a quarter of the equator for 90 degrees",
        "gives null for a null",
        "route",
        "knows how far apart two airports are",
        "is null for an airport that is not in the config file",
        "route_key names both directions alike",
        "delay_band tells an unknown delay from none",
      ].map((name) => [name, lineOf(`("${name}"`)]),
    );
    assert.deepEqual(found[1]?.path, ["haversine_km", "gives a quarter of the equator for 90 degrees"]);
    assert.deepEqual(found[6]?.path, ["route_key names both directions alike"]);
  });

  const cases: readonly [title: string, text: string, expected: (string | number)[][]][] = [
    [
      "in suites in suites",
      'describe("a", () => {\n  suite("b", () => {\n    it("c", () => {});\n  });\n  test("d", f);\n});\ntest("e", f);',
      [
        ["a", 1, 6],
        ["a › b", 2, 4],
        ["a › b › c", 3, 3],
        ["a › d", 5, 5],
        ["e", 7, 7],
      ],
    ],
    [
      "not in comments and strings",
      '// test("a")\n/* test("b") */ const s = "test(\\"c\\")"; test("d", () => {});',
      [["d", 2, 2]],
    ],
    [
      "with skip, only and todo",
      'test.skip("a", f);\ndescribe.only("b", f);\nit.todo("c");',
      [
        ["a", 1, 1],
        ["b", 2, 2],
        ["c", 3, 3],
      ],
    ],
    ["not other calls that end in the same letters", 'latest("a"); my.test("b"); contest ("c");', []],
    [
      "with quotes and escapes in their names",
      "test('it\\'s', f); test(`plain`, f);",
      [
        ["it's", 1, 1],
        ["plain", 1, 1],
      ],
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a file
    ["not those whose names are computed", "for (const x of y) test(`a ${x}`, f);\ntest(name, f);", []],
    [
      "of a file that is being written",
      'describe("a", () => { test("b", () => { "',
      [
        ["a", 1, 1],
        ["a › b", 1, 1],
      ],
    ],
  ];
  for (const [title, text, expected] of cases) test(title, () => assert.deepEqual(brief(text), expected));
});
