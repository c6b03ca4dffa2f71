import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FunctionDescription } from "../../../../src/core/manifest.ts";
import { scalarTypes, type Type } from "../../../../src/core/types.ts";
import { findChecks } from "../../../../src/testing/checks/find-checks.ts";
import { generateRows } from "../../../../src/testing/checks/generate-rows.ts";
import { samplesOf } from "../../../../src/testing/checks/samples.ts";
import { fromArrow, toArrow } from "../../../../src/testing/values/arrow.ts";
import { formatValue } from "../../../../src/testing/values/notation.ts";

const taking = (...types: Type[]): FunctionDescription => ({
  ...{ name: "f", kind: "row", doc: "", result: { type: "double", nullable: false } },
  arguments: types.map((type, index) => ({ name: `a${index}`, type, nullable: false })),
});
const texts = (rows: ReturnType<typeof generateRows>, at: number, type: Type) =>
  new Set(rows.map((row) => formatValue(row[at] ?? null, type)));

test("few samples are combined in every way, null among them", () => {
  assert.deepEqual(generateRows(taking("bool", "bool")), [
    [null, null],
    ...[
      [null, true],
      [null, false],
      [true, null],
      [true, true],
      [true, false],
    ],
    ...[
      [false, null],
      [false, true],
      [false, false],
    ],
  ]);
});

test("of many, a hundred rows have each sample of each argument, and are the same each time", () => {
  const described = taking("string", "double", { list: { type: "int64", nullable: true } });
  const rows = generateRows(described);
  assert.equal(rows.length, 100);
  for (const [at, { type }] of described.arguments.entries()) {
    const found = texts(rows, at, type);
    for (const sample of [null, ...samplesOf(type)]) assert.ok(found.has(formatValue(sample, type)));
  }
  assert.deepEqual(generateRows(described), rows);
});

test("the samples are those that authors forget", () => {
  const has = (type: Type, ...shown: string[]) => {
    const found = new Set(samplesOf(type).map((value) => formatValue(value, type)));
    for (const text of shown) assert.ok(found.has(text), `${JSON.stringify(type)} lacks ${text}`);
  };
  has("int8", "-128", "127", "0");
  has("uint64", "0", '"18446744073709551615"');
  has("double", '"NaN"', '"Infinity"', '"-Infinity"', '"-0"', "5e-324", "1.7976931348623157e+308");
  has("string", '""', '{ "hex": "fffe" }');
  has({ decimal: { precision: 3, scale: 1 } }, '"99.9"', '"-99.9"');
  has({ list: { type: "bool", nullable: false } }, "[]", "[true, false]");
});

describe("a column keeps the samples of every type", () => {
  const types: Type[] = [
    ...scalarTypes,
    { decimal: { precision: 38, scale: 10 } },
    { list: { type: "string", nullable: true } },
    {
      struct: "S",
      fields: [
        { name: "a", type: "float", nullable: true },
        { name: "b", type: "date", nullable: false },
      ],
    },
  ];
  for (const type of types) {
    test(JSON.stringify(type), () => {
      const values = [null, ...samplesOf(type)];
      assert.deepEqual(fromArrow(toArrow({ type, values }), type), values);
    });
  }
});

test("an editor finds a check at each registration", () => {
  const source = 'UDF_MODULE(x, m) {\n  m.row<f>("f", "a"_a);\n}\n';
  assert.deepEqual(findChecks(source), [
    { path: ["f"], suite: true, line: 2, lastLine: 2 },
    { path: ["f", "generated rows"], suite: false, line: 2, lastLine: 2 },
  ]);
});
