import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Functions,
  type InputColumn,
  isValid,
  maskBytes,
  maskOf,
  openDoor,
  outputFor,
  readColumn,
} from "./node-host.ts";

/** Row counts on both sides of the 64 rows that share a word. */
const rowCounts = [0, 1, 2, 63, 64, 65, 127, 128, 129, 1000];

/** A fixed sequence of numbers from 0 to 1 (Park and Miller's generator). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

const texts = (values: readonly string[]): { offsets: Int32Array; data: Uint8Array } => {
  const pieces = values.map((value) => Buffer.from(value));
  const offsets = new Int32Array(values.length + 1);
  for (const [row, piece] of pieces.entries()) offsets[row + 1] = (offsets[row] ?? 0) + piece.length;
  return { offsets, data: new Uint8Array(Buffer.concat(pieces)) };
};

/** Calls of whole columns through the Node door. */
export function nodeColumnTests(artifact: string): void {
  const door = openDoor(artifact);
  const functions = new Functions(door);
  const columns = (name: string, rows: number, inputs: readonly InputColumn[]) => {
    const output = outputFor(functions.get(name), rows);
    const nulls = door.columns(functions.index(name), rows, inputs, output);
    const valid = Array.from({ length: rows }, (_, row) => isValid(output.validity, row));
    assert.equal(nulls, valid.filter((present) => !present).length, "the count of null rows must be that of the mask");
    for (let bit = rows; bit < 8 * output.validity.length; bit++) assert.equal(isValid(output.validity, bit), false);
    const leaves = (output.children ?? []).map((field) => readColumn(field, rows));
    return { valid, leaves, only: readColumn(output, rows), output };
  };

  test("columns give, for every number of rows and every pattern of nulls, what JavaScript computes", () => {
    const patterns: ((next: () => number, row: number) => boolean)[] = [
      () => false,
      () => true,
      (next) => next() < 0.1,
      (next) => next() < 0.9,
      (_, row) => row < 64,
      (_, row) => row >= 64,
      (_, row) => row % 64 === 63,
    ];
    for (const rows of rowCounts) {
      for (const [index, isNull] of patterns.entries()) {
        const next = random(rows + index + 1);
        const a = Float64Array.from({ length: rows }, () => next() * 200 - 100);
        const b = Float64Array.from({ length: rows }, (_, row) => (row % 7 === 0 ? 0 : next()));
        const nulls = Array.from({ length: rows }, (_, row) => isNull(next, row));
        const validity = maskOf(rows, (row) => nulls[row] === true);
        const inputs = [
          { values: a, validity: null },
          { values: b, validity },
        ];
        const expected = (value: (x: number, y: number) => number | null) =>
          Array.from(a, (x, row) => (nulls[row] ? null : value(x, b[row] ?? 0)));
        assert.deepEqual(
          columns("sum", rows, inputs).only,
          expected((x, y) => x + y),
        );
        assert.deepEqual(
          columns("quotient", rows, inputs).only,
          expected((x, y) => (y === 0 ? null : x / y)),
        );
        assert.deepEqual(
          columns("sum_or", rows, inputs).only,
          Array.from(a, (x, row) => x + (nulls[row] ? 1000 : (b[row] ?? 0))),
        );
        assert.deepEqual(
          columns("sum_or", rows, inputs.toReversed()).only.map((value) => value === null),
          nulls,
        );
      }
    }
  });

  test("every type goes through columns bit for bit, optional or not", () => {
    const special = {
      bool: Uint8Array.of(0, 1, 1),
      int8: Int8Array.of(-128, 0, 127),
      int16: Int16Array.of(-32768, 0, 32767),
      int32: Int32Array.of(-2147483648, 0, 2147483647),
      int64: BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n),
      uint8: Uint8Array.of(0, 1, 255),
      uint16: Uint16Array.of(0, 1, 65535),
      uint32: Uint32Array.of(0, 1, 4294967295),
      uint64: BigUint64Array.of(0n, 1n, 2n ** 64n - 1n),
      float: Float32Array.of(Number.NaN, -0, 1e-45),
      double: Float64Array.of(Number.NaN, -0, 5e-324),
      date: Int32Array.of(-719162, 0, 2932896),
      timestamp: BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n),
      local_timestamp: BigInt64Array.of(-1n, 0n, 1n),
    };
    for (const [type, values] of Object.entries(special)) {
      for (const name of [`same_${type}`, `maybe_${type}`]) {
        assert.deepEqual(columns(name, 3, [{ values, validity: null }]).only, [...values]);
        const second = columns(name, 3, [{ values, validity: Uint8Array.of(0b101) }]);
        assert.deepEqual(second.only, [values[0], null, values[2]]);
      }
    }
  });

  test("null rows hold zeros, so that results are the same bytes in every run", () => {
    const values = Float64Array.of(1, 2, 3);
    const { output } = columns("sum", 3, [
      { values, validity: Uint8Array.of(0b001) },
      { values, validity: null },
    ]);
    assert.deepEqual(output.values, Float64Array.of(2, 0, 0));
  });

  test("texts come as offsets and data, as an array of strings and nulls, or as live DuckDB entries", () => {
    const values = ["", "a", "Zürich", "nul \0 inside", "exactly 12 b", "13 bytes long", "🛫".repeat(300)];
    const rows = values.length;
    const expected = values.map((value) => `<${value}>`);
    assert.deepEqual(columns("maybe_text", rows, [{ values: texts(values), validity: null }]).only, expected);
    assert.deepEqual(columns("maybe_text", rows, [{ values, validity: null }]).only, expected);
    const holed = values.map((value, row) => (row % 2 === 0 ? null : value));
    const nulls = values.map((value, row) => (row % 2 === 0 ? null : `<${value}>`));
    assert.deepEqual(columns("maybe_text", rows, [{ values: holed, validity: null }]).only, nulls);
    const validity = maskOf(rows, (row) => row % 2 === 0);
    assert.deepEqual(columns("maybe_text", rows, [{ values, validity }]).only, nulls);

    // up to 12 bytes lie in the entry; what a null row's entry points to must never be read
    const entries = new DataView(new ArrayBuffer(16 * 2));
    entries.setUint32(0, 3, true);
    new Uint8Array(entries.buffer).set(Buffer.from("ABE"), 4);
    entries.setUint32(16, 1000, true);
    entries.setBigUint64(24, 0xdeadbeefn, true);
    const duckdb = new Uint8Array(entries.buffer);
    assert.deepEqual(columns("same_text", 2, [{ values: { duckdb }, validity: Uint8Array.of(0b01) }]).only, [
      "ABE",
      null,
    ]);
  });

  test("a struct fills a column for each field, null with its row and by itself", () => {
    const rows = 130;
    const values = Int32Array.from({ length: rows }, (_, row) => row - 3);
    const validity = maskOf(rows, (row) => row === 70);
    const { leaves, valid } = columns("maybe_all", rows, [{ values, validity }]);
    const isNull = (row: number) => row < 3 || row === 70;
    assert.deepEqual(
      valid,
      Array.from(values, (_, row) => !isNull(row)),
    );
    const of = (value: (n: number) => unknown) => Array.from(values, (n, row) => (isNull(row) ? null : value(n)));
    const even = (value: (n: number) => unknown) => of((n) => (n % 2 === 0 ? value(n) : null));
    assert.deepEqual(leaves, [
      of((n) => (n % 2 === 0 ? 1 : 0)),
      of((n) => n),
      of((n) => BigInt(n) << 40n),
      of((n) => n / 2),
      of((n) => n / 4),
      of((n) => String(n)),
      even((n) => n * 1.25),
      even((n) => `n${n}`),
      even((n) => (n % 4 === 0 ? 1 : 0)),
    ]);
  });

  test("an exception names its row exactly, among nulls too", () => {
    const rows = 300;
    const values = BigInt64Array.from({ length: rows }, (_, row) => BigInt(row));
    const sparse = maskOf(rows, (row) => row % 3 === 0);
    for (const bad of [1, 62, 64, 127, 130, 299]) {
      const limit = { values: new BigInt64Array(rows).fill(BigInt(bad)), validity: null };
      for (const validity of [null, sparse]) {
        if (validity && bad % 3 === 0) continue;
        const error = { code: "UDF_ROW_ERROR", function: "fail_at", row: bad, message: `row ${bad} is bad` };
        assert.throws(() => columns("fail_at", rows, [{ values, validity }, limit]), error);
      }
    }
    const skipped = { values: new BigInt64Array(rows).fill(3n), validity: null };
    assert.equal(columns("fail_at", rows, [{ values, validity: sparse }, skipped]).valid[3], false);
  });

  test("malformed columns are refused with their argument's name", () => {
    const good = { values: Float64Array.of(1, 2), validity: null };
    const refuses = (name: string, rows: number, inputs: readonly unknown[], message: RegExp) => {
      const output = outputFor(functions.get(name), Math.max(rows, 0));
      const error = { name: "TypeError", code: "UDF_USAGE_ERROR", message };
      assert.throws(() => door.columns(functions.index(name), rows, inputs, output), error);
    };
    refuses("sum", 2, [good], /^sum\(\) takes 2 arguments, not 1$/);
    refuses("sum", 3, [good, good], /^sum\(\): argument "a" has 2 elements, and 3 are needed$/);
    refuses("sum", -1, [good, good], /rows must be from 0 to 2147483647, not -1$/);
    const narrow = { values: Float32Array.of(1, 2), validity: null };
    refuses("sum", 2, [good, narrow], /"b" must be a Float64Array, not a Float32Array$/);
    refuses("sum", 2, [good, { values: {}, validity: null }], /"b" must be a Float64Array, not an object$/);
    refuses("sum", 2, [good, null], /^sum\(\): argument "b" must be an object, not null$/);
    refuses("sum", 9, [{ values: new Float64Array(9), validity: new Uint8Array(1) }, good], /its validity, has 1 elem/);
    refuses("same_text", 2, [{ values: ["a", 7], validity: null }], /"value", row 1, must be a string, not 7$/);
    refuses("same_text", 2, [{ values: ["a"], validity: null }], /"value" has 1 elements, and 2 are needed$/);
    const data = new Uint8Array(4);
    for (const offsets of [Int32Array.of(0, 3, 2), Int32Array.of(0, 2, 5), Int32Array.of(-1, 2, 3)]) {
      refuses("same_text", 2, [{ values: { offsets, data }, validity: null }], /offsets that fall or lie outside/);
    }
    refuses("same_text", 2, [{ values: { duckdb: new Uint8Array(16) }, validity: null }], /has 16 elements, and 32/);
  });

  test("a malformed output is refused before anything is computed", () => {
    const index = functions.index("same_double");
    const inputs = [{ values: Float64Array.of(1), validity: null }];
    const output = { values: new Float64Array(1), validity: new Uint8Array(8) };
    const refuses = (output: unknown, message: RegExp) =>
      assert.throws(() => door.columns(index, 1, inputs, output), { code: "UDF_USAGE_ERROR", message });
    refuses({ ...output, validity: new Uint8Array(7) }, /output\.validity has 7 elements, and 8 are needed$/);
    refuses({ ...output, validity: new Uint8Array(16).subarray(1, 9) }, /begin at a multiple of 8 bytes/);
    refuses({ validity: new Uint8Array(8) }, /output\.values must be a Float64Array, not undefined$/);
    refuses({ ...output, values: new Float64Array(0) }, /has 0 elements/);
    refuses(undefined, /output must be an object, not undefined$/);
    const ints = [{ values: Int32Array.of(1), validity: null }];
    const struct = (children: unknown) => ({ validity: new Uint8Array(8), children });
    assert.throws(() => door.columns(functions.index("maybe_all"), 1, ints, struct(undefined)), {
      code: "UDF_USAGE_ERROR",
      message: /output\.children\[0\] must be in an array, not in undefined$/,
    });
    assert.throws(() => door.columns(functions.index("maybe_all"), 1, ints, struct([])), {
      message: /output\.children\[0\] must be an object, not undefined$/,
    });
  });

  test("a mask may lie at any place, and may be shorter than whole words", () => {
    const rows = 70;
    const values = Float64Array.from({ length: rows }, (_, row) => row);
    const whole = maskOf(rows, (row) => row % 5 === 0);
    const odd = new Uint8Array(maskBytes(rows) + 3);
    odd.set(whole, 3);
    const expected = Array.from(values, (value) => (value % 5 === 0 ? null : value));
    for (const validity of [whole, whole.slice(0, 9), odd.subarray(3), odd.subarray(3, 12)]) {
      assert.deepEqual(columns("same_double", rows, [{ values, validity }]).only, expected);
    }
  });
}
