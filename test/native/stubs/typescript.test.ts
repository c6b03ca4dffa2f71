import assert from "node:assert/strict";
import path from "node:path";
import { before, describe, test } from "node:test";
import { buildEveryType } from "./every-type.ts";
import { attempts, nodeProgram } from "./program.ts";

let stub: string;
before(async () => {
  const { module } = await buildEveryType();
  stub = path.join(module.stubs, "every_type.ts");
});

async function messagesOf(body: string): Promise<string[]> {
  const result = await nodeProgram(stub, `${attempts}\n${body}`);
  assert.ok(Array.isArray(result));
  return result.map(String);
}

describe("a scalar call", () => {
  test("gives each type's value, null for a null argument, and what the function makes of nulls it asked for", async () => {
    const result = await nodeProgram(
      stub,
      `const result = [
        udf.negate(true), udf.add_one(41), udf.twice(2n ** 60n), udf.halve(5), udf.root(2), udf.root(-1), udf.shout("é\\u0000"),
        udf.either(null, null), udf.either(null, 7), udf.either("", 7), udf.pair("a=bc", "="), udf.pair("abc", "="), udf.pair("", "="),
        udf.negate(null), udf.shout(null), udf.pair(null, "="), udf.root(NaN) === null ? "null" : String(udf.root(Infinity)),
      ];`,
    );
    assert.deepEqual(result, [
      ...[false, 42, `${2n ** 61n}n`, 2.5, Math.sqrt(2), null, "é\u0000!"],
      ...["neither", "7", "", { left: "a", size: "2n", found: true }, { left: "abc", size: null, found: false }, null],
      ...[null, null, null, "Infinity"],
    ]);
  });

  test("takes text of every length, with characters of one to four bytes and NUL", async () => {
    const samples = ["", "a", "ß".repeat(300), "漢字😀\u0000x", "x".repeat(100_000)];
    const result = await nodeProgram(
      stub,
      `const result = (${JSON.stringify(samples)}).map((text) => udf.shout(text));`,
    );
    assert.deepEqual(
      result,
      samples.map((text) => `${text}!`),
    );
  });

  test("refuses a wrong type or range by the argument's name", async () => {
    const messages = await messagesOf(
      `const f: any = udf;
       const result = attempt(() => f.add_one("1"), () => f.add_one(1.5), () => f.add_one(2 ** 40), () => f.shout(1), () => f.twice("2"), () => f.add_one());`,
    );
    assert.match(messages[0] ?? "", /add_one\(\).*"value".*string/);
    for (const message of messages) assert.notEqual(message, "accepted");
  });

  test("an exception is an error with the function's name, the exception's text and a code", async () => {
    const result = await nodeProgram(
      stub,
      `let result: unknown; try { udf.refuse(13); } catch (error) { const { message, code, function: name, row } = error as any; result = { message, code, name, row }; }`,
    );
    assert.deepEqual(result, { message: "13 brings bad luck", code: "UDF_ROW_ERROR", name: "refuse" });
  });
});

describe("a column call", () => {
  test("gives for 1,000 rows with nulls what Math.sqrt gives row by row", async () => {
    const result = await nodeProgram(
      stub,
      `const rows = 1000; const values = Float64Array.from({ length: rows }, (_, i) => i - 100);
      const validity = new Uint8Array(Math.ceil(rows / 8)).fill(0b11101110);
      const column = udf.columns.root({ values, validity });
      const result: number[] = [];
      for (let i = 0; i < rows; i++) {
        const given = (validity[i >> 3]! >> (i & 7)) & 1 ? values[i]! : null;
        const expected = given === null || given < 0 ? null : Math.sqrt(given);
        const found = column.validity && !((column.validity[i >> 3]! >> (i & 7)) & 1) ? null : column.values[i];
        if (found !== expected) result.push(i);
      }`,
    );
    assert.deepEqual(result, []);
  });

  test("takes and gives numbers, truth values and text, of no row too", async () => {
    const result = await nodeProgram(
      stub,
      `const result = [
        [...udf.columns.shout(["é", null, ""])], [...udf.columns.shout(udf.columns.shout(["é", null, ""]))],
        [...udf.columns.shout({ offsets: Int32Array.of(0, 0, 2), data: Uint8Array.of(0xc3, 0xa9), validity: Uint8Array.of(0b10) })],
        [...udf.columns.twice(BigInt64Array.of(1n, -2n)).values], [...udf.columns.negate(Uint8Array.of(0, 1)).values],
        [...udf.columns.halve(Float32Array.of(5)).values], [...udf.columns.add_one(new Int32Array(0)).values], [...udf.columns.shout([])],
        udf.columns.twice(BigInt64Array.of(1n)).validity, udf.columns.shout(["a", "b"]).get(1), udf.columns.shout(["a", "b"]).length,
        [...udf.columns.either([null, null, "x"], { values: Int32Array.of(7, 0, 0), validity: Uint8Array.of(0b001) })],
      ];`,
    );
    assert.deepEqual(result, [
      ...[["é!", null, "!"], ["é!!", null, "!!"], [null, "é!"], ["2n", "-4n"], [1, 0], [2.5], [], []],
      ...[null, "b!", 2, ["7", "neither", "x"]],
    ]);
  });

  test("gives a struct as its columns, with the rows that are null as a whole", async () => {
    const result = await nodeProgram(
      stub,
      `const { left, size, found, validity } = udf.columns.pair(["a=bc", null, "", "x"], ["=", "=", "=", "="]);
       const bits = (mask: Uint8Array | null) => mask === null ? null : (mask[0]! & 0b1111).toString(2);
       const result = [[...left], size.values[0], bits(size.validity), [found.values[0], found.values[3]], bits(validity)];`,
    );
    assert.deepEqual(result, [["a", null, null, "x"], "2n", "1", [1, 0], "1001"]);
  });

  test("refuses columns of different lengths and of the wrong kind by the argument's name", async () => {
    const messages = await messagesOf(
      `const f: any = udf.columns;
       const result = attempt(() => f.pair(["a"], ["=", "="]), () => f.root({ values: [1, 2] }), () => f.root(new Float32Array(2)),
         () => f.root({ values: new Float64Array(9), validity: new Uint8Array(1) }), () => f.shout("a"), () => f.shout([1]), () => f.root());`,
    );
    assert.match(messages[0] ?? "", /pair\(\).*"mark".*2 rows.*1/);
    assert.match(messages[1] ?? "", /root\(\).*"value".*Float64Array/);
    assert.match(messages[2] ?? "", /root\(\).*Float64Array/);
    assert.match(messages[3] ?? "", /root\(\).*validity/);
    assert.match(messages[4] ?? "", /shout\(\).*array of strings/);
    assert.match(messages[5] ?? "", /shout\(\).*row 0/);
    assert.match(messages[6] ?? "", /root\(\).*Float64Array/);
  });

  test("an exception names its row", async () => {
    const result = await nodeProgram(
      stub,
      `let result: unknown;
       try { udf.columns.refuse(Float64Array.from({ length: 200 }, (_, i) => (i === 150 ? 13 : i === 13 ? 0 : i))); }
       catch (error) { result = [(error as Error).message, (error as { row?: number }).row]; }`,
    );
    assert.deepEqual(result, ["13 brings bad luck", 150]);
  });
});
