import assert from "node:assert/strict";
import { test } from "node:test";
import { pythons } from "../../support/python.ts";
import { Functions, openDoor } from "./node-host.ts";
import { type Answer, type ArrowArray, columnOf, inPython, type Request } from "./python-host.ts";

const bytes = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Bits in Arrow's order, least significant first. */
function bits(flags: readonly boolean[]): Uint8Array {
  const packed = new Uint8Array(Math.ceil(flags.length / 8));
  for (const [index, flag] of flags.entries())
    if (flag) packed[index >> 3] = (packed[index >> 3] ?? 0) | (1 << (index & 7));
  return packed;
}

function doubles(values: readonly (number | null)[], slice?: { offset: number; length: number }): ArrowArray {
  const buffers = [
    bits(values.map((value) => value !== null)),
    bytes(Float64Array.from(values, (value) => value ?? 777)),
  ];
  return { format: "g", length: values.length, buffers, ...slice };
}

function strings(values: readonly string[], format: "u" | "U" = "u"): ArrowArray {
  const ends = values.map((_, row) => Buffer.from(values.slice(0, row + 1).join("")).length);
  const offsets = format === "u" ? bytes(Int32Array.of(0, ...ends)) : bytes(BigInt64Array.of(0n, ...ends.map(BigInt)));
  return { format, length: values.length, buffers: [null, offsets, bytes(Buffer.from(values.join("")))] };
}

/** Whole columns through the Python and the C door, which share their Arrow code; arrays are laid out by hand. */
export function arrowDoorTests(artifact: string): void {
  const functions = new Functions(openDoor(artifact));
  const columns = (name: string, ...arrays: (ArrowArray | null)[]): Request[] =>
    (["python", "c"] as const)
      .filter((door) => door === "c" || !arrays.includes(null))
      .map((door) => ({ do: "columns", index: functions.index(name), arrays, door }));
  const ask = async (requests: readonly Request[]): Promise<Answer[]> => {
    const [python] = await pythons();
    assert.ok(python, "the tests need Python 3.10 or later");
    return inPython({ command: python.command, module: "types", artifact }, requests);
  };
  const valuesAre = async (cases: readonly [Request[], unknown[]][]) => {
    const answers = await ask(cases.flatMap(([requests]) => requests));
    const expected = cases.flatMap(([requests, values]) => requests.map(() => values));
    for (const [index, answer] of answers.entries()) {
      const column = columnOf(answer);
      assert.deepEqual(column.values, expected[index]);
      assert.equal(column.nulls, column.values.filter((value) => value === null).length);
      assert.equal(column.released, true);
    }
  };

  test("the C door describes the module as Node does", async () => {
    const [answer] = await ask([{ do: "describe", door: "c" }]);
    assert.deepEqual(answer, { result: openDoor(artifact).describe() });
  });

  test("a slice of an Arrow array at any offset gives the rows of the slice", async () => {
    const rows = 200;
    const values = Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? null : row));
    const cases = [0, 1, 7, 8, 9, 63, 64, 65].map((offset): [Request[], unknown[]] => {
      const length = rows - offset - 5;
      const expected = values.slice(offset, offset + length).map((value) => (value === null ? null : String(value)));
      const ints = bytes(BigInt64Array.from(values, (value) => BigInt(value ?? 0)));
      const array = { format: "l", length, offset, buffers: [bits(values.map((value) => value !== null)), ints] };
      return [columns("same_int64", array), expected];
    });
    const flags = Array.from({ length: 100 }, (_, row) => row % 7 < 3);
    const booleans = { format: "b", length: 80, offset: 13, buffers: [null, bits(flags)] };
    await valuesAre([
      ...cases,
      [columns("same_bool", booleans), flags.slice(13, 93)],
      [columns("same_text", { ...strings(["a", "bc", "", "def"]), length: 2, offset: 2 }), ["", "def"]],
    ]);
  });

  test("nulls, NaN, empty and long texts, and no rows at all, are right", async () => {
    const texts = ["", "Zürich", "nul \0 inside", "🛫".repeat(100)];
    await valuesAre([
      [columns("sum", doubles([1, null, 3]), doubles([0.5, 0.5, null])), ["0x1.8000000000000p+0", null, null]],
      [columns("same_double", doubles([Number.NaN, Number.POSITIVE_INFINITY])), ["nan", "inf"]],
      [columns("sum_or", doubles([1, 2]), doubles([null, 3])), ["0x1.f480000000000p+9", "0x1.4000000000000p+2"]],
      [columns("same_text", strings(texts)), texts],
      [columns("same_text", strings(texts, "U")), texts],
      [columns("same_double", doubles([])), []],
      [columns("same_text", { format: "u", length: 0, buffers: [null, null, null] }), []],
      [columns("same_double", { format: "g", length: 0, buffers: [null, null] }), []],
      [
        columns("same_double", doubles(Array.from({ length: 130 }, () => null))),
        Array.from({ length: 130 }, () => null),
      ],
      [columns("maybe_text", { format: "n", length: 2, buffers: [] }), [null, null]],
      [
        columns("same_int32", { format: "i", length: 2, buffers: [null, bytes(Int32Array.of(-1, 2))], nulls: 0 }),
        [-1, 2],
      ],
    ]);
  });

  test("an array that is not aligned to its type is read all the same", async () => {
    const odd = new Uint8Array(17);
    odd.set(bytes(Float64Array.of(0.5, 2)), 1);
    const shifted = { format: "g", length: 2, buffers: [null, odd.subarray(1)] };
    await valuesAre([[columns("same_double", shifted), ["0x1.0000000000000p-1", "0x1.0000000000000p+1"]]]);
  });

  test("a struct result is a struct array with the fields' names and types", async () => {
    const ints = { format: "i", length: 3, buffers: [null, bytes(Int32Array.of(2, -1, 3))] };
    for (const answer of await ask(columns("maybe_all", ints))) {
      const column = columnOf(answer);
      assert.equal(column.format, "+s");
      assert.deepEqual(column.children, [
        ...[
          ["flag", "b"],
          ["small", "i"],
          ["big", "l"],
          ["narrow", "f"],
          ["wide", "g"],
          ["text", "u"],
        ],
        ...[
          ["maybe_wide", "g"],
          ["maybe_text", "u"],
          ["maybe_flag", "b"],
        ],
      ]);
      assert.deepEqual(column.values, [
        [
          true,
          2,
          String(2n << 40n),
          "0x1.0000000000000p+0",
          "0x1.0000000000000p-1",
          "2",
          "0x1.4000000000000p+1",
          "n2",
          false,
        ],
        null,
        [false, 3, String(3n << 40n), "0x1.8000000000000p+0", "0x1.8000000000000p-1", "3", null, null, null],
      ]);
      assert.equal(column.nulls, 1);
    }
  });

  test("a row that a function refuses is named by both doors", async () => {
    const ints = (...values: bigint[]) => ({
      format: "l",
      length: 3,
      buffers: [null, bytes(BigInt64Array.from(values))],
    });
    const [python, c] = await ask(columns("fail_at", ints(0n, 1n, 2n), ints(2n, 2n, 2n)));
    const { type, code, message, row } = python?.error ?? {};
    assert.deepEqual(
      { type, code, message, row },
      { type: "RowError", code: "UDF_ROW_ERROR", message: "row 2 is bad", row: 2 },
    );
    assert.equal(python?.error?.function, "fail_at");
    assert.deepEqual([c?.error?.code, c?.error?.subject, c?.error?.row], ["UDF_ROW_ERROR", "fail_at", 2]);
  });

  test("malformed Arrow data is refused with the argument's name and the reason", async () => {
    const good = doubles([1, 2]);
    const of = (change: Partial<ArrowArray>): ArrowArray => ({ ...good, ...change });
    const one = (array: ArrowArray | null, reason: string): [Request[], string] => [
      columns("same_double", array),
      reason,
    ];
    const cases = [
      one({ ...good, format: "i" }, "must be an Arrow array of double (format g), not of format i"),
      one({ ...good, format: "" }, "must be an Arrow array of double (format g), not of format "),
      one(of({ buffers: [null] }), "has 1 buffers, and its format has 2"),
      one(of({ buffers: [null, null] }), "has no buffer of values"),
      one(of({ buffers: [null, good.buffers[1] ?? null], nulls: 1 }), "has nulls but no validity buffer"),
      one(of({ length: -1 }), "has a negative length or offset"),
      one(of({ offset: -1 }), "has a negative length or offset"),
      one(of({ children: 1 }), "has child arrays"),
      one(of({ dictionary: true }), "is dictionary-encoded, and has no dictionary"),
      one(of({ released: true }), "has been released already"),
      one(null, "is missing"),
    ].map(([requests, reason]): [Request[], string] => [requests, `same_double(): argument "value" ${reason}`]);
    const text = (...offsets: number[]): ArrowArray => ({
      ...{ format: "u", length: 2, buffers: [null, bytes(Int32Array.from(offsets)), bytes(Buffer.from("abcd"))] },
    });
    const outside = 'same_text(): argument "value" has offsets that fall or lie outside of its data';
    cases.push([columns("same_text", text(0, 3, 2)), outside], [columns("same_text", text(-1, 2, 3)), outside]);
    cases.push([
      columns("same_text", { ...text(0, 1, 2), buffers: [null, bytes(Int32Array.of(0, 1, 2)), null] }),
      outside,
    ]);
    cases.push([columns("sum", good), "sum() takes 2 arguments, not 1"]);
    cases.push([columns("sum", good, doubles([1])), 'sum(): argument "b" has 1 rows, and the first argument has 2']);
    const answers = await ask(cases.flatMap(([requests]) => requests));
    const reasons = cases.flatMap(([requests, reason]) => requests.map(() => reason));
    for (const [index, { error }] of answers.entries()) {
      assert.deepEqual([error?.code, error?.message], ["UDF_USAGE_ERROR", reasons[index]]);
    }
  });

  test("malformed lists, structs, views and dictionaries are refused with the reason, and nothing beside them is read", async () => {
    const ints = (...values: number[]) => bytes(Int32Array.from(values));
    const three = doubles([1, 2, 3]);
    const list = (format: string, length: number, buffers: Uint8Array[], children: ArrowArray["children"] = [three]) =>
      ({ format, length, buffers: [null, ...buffers], children }) satisfies ArrowArray;
    const label: ArrowArray = { ...strings(["a", "b", "c"]), name: "label" };
    const point = (...children: (ArrowArray | null)[]): ArrowArray => ({
      format: "+s",
      length: 3,
      buffers: [null],
      children,
    });
    const [x, y] = [
      { ...three, name: "x" },
      { ...three, name: "y" },
    ];
    const view = (length: number, buffer: number, offset: number): ArrowArray => {
      const data = [bytes(Buffer.from("a text of 26 bytes in all."))];
      return {
        format: "vu",
        length: 1,
        buffers: [null, ints(length, 0, buffer, offset), ...data, bytes(BigInt64Array.of(26n))],
      };
    };
    const words = (dictionary: ArrowArray | boolean, ...indices: number[]): ArrowArray => {
      return { format: "i", length: indices.length, buffers: [null, ints(...indices)], dictionary };
    };
    const huge = 2 ** 53 - 1;
    const fall = "has lists that fall or lie outside of their elements";
    const offsets = "has offsets that fall or lie outside of its data";
    const size = "has a length or offset that no memory holds";
    const cases: [string, ArrowArray, string][] = [
      ["list_double", list("+l", 2, [ints(0, 2, 1)]), fall],
      ["list_double", list("+l", 2, [ints(-1, 2, 3)]), fall],
      ["list_double", list("+l", 2, [ints(0, 2, 4)]), "has a child array that is too short"],
      ["list_double", list("+l", 2, [ints(4, 4, 4)]), "has a child array that is too short"],
      ["list_double", list("+L", 1, [bytes(BigInt64Array.of(0n, 2n ** 62n))]), "has a child array that is too short"],
      ["list_double", list("+l", 1, [ints(0, 1)], [null]), "has a child array that is missing"],
      ["list_double", list("+l", 1, [ints(0, 1)], 1), "has not the child arrays of its format"],
      ["list_double", list("+l", 1, [ints(0, 1)], []), "has not the child arrays of its format"],
      [
        "list_double",
        list("+l", 1, [ints(0, 1)], [{ ...three, length: -1 }]),
        "has a child array with a negative length or offset",
      ],
      ["list_double", list("+l", 1, [ints(0, 1)], [{ ...three, offset: huge }]), size],
      [
        "list_double",
        list("+l", 1, [ints(0, 1)], [strings(["a"])]),
        "must be an Arrow array of double (format g), not of format u",
      ],
      ["list_double", list("+l", 1, []), "has 1 buffers, and its format has 2"],
      ["list_double", list("+vl", 2, [ints(0, 2), ints(2, 2)]), fall],
      ["list_double", list("+vl", 1, [ints(-1), ints(1)]), fall],
      ["list_double", list("+vl", 1, [ints(0), ints(-1)]), fall],
      ["list_double", list("+vl", 1, [ints(2147483647), ints(2147483647)]), fall],
      ["list_double", list("+w:4", 1, []), "has a child array that is too short"],
      ["list_double", { ...list("+w:2147483647", 1, []), offset: 2 ** 39 }, size],
      ["list_double", list("+w:-1", 1, []), "has the format +w:-1, which says no size"],
      ["same_point", point(x, y), 'has no field "label"'],
      ["same_point", point(x, y, { ...strings(["a", "b"]), name: "label" }), "has a child array that is too short"],
      ["same_point", { ...point(x, y, label), offset: 1 }, "has a child array that is too short"],
      ["same_point", point(x, null, label), 'has no field "y"'],
      ["same_text", view(26, 1, 0), offsets],
      ["same_text", view(26, -1, 0), offsets],
      ["same_text", view(26, 0, 1), offsets],
      ["same_text", view(26, 0, -1), offsets],
      ["same_text", view(-1, 0, 0), offsets],
      ["same_text", view(2147483647, 0, 2147483647), offsets],
      [
        "same_text",
        { format: "vu", length: 1, buffers: [null, ints(0, 0, 0, 0)] },
        "has 2 buffers, and its format has 3",
      ],
      ["same_text", { ...view(26, 0, 0), children: 1 }, "has child arrays"],
      ["same_bytes", { format: "w:x", length: 1, buffers: [null, ints(1)] }, "has the format w:x, which says no width"],
      ["same_bytes", { format: "w:2147483647", length: 1, offset: 2 ** 39, buffers: [null, ints(1)] }, size],
      ["same_text", words(strings(["a"]), 0, 1), ", row 1, lies outside of the dictionary"],
      ["same_text", words(strings(["a"]), -1), ", row 0, lies outside of the dictionary"],
      ["same_text", { ...words(strings(["a"]), 0), format: "g" }, "has a dictionary with indices of format g"],
      ["same_text", words({ ...strings(["a"]), offset: -1 }, 0), "has a dictionary with a negative length or offset"],
      ["same_text", words(three, 0), "must be an Arrow array of string (format u), not of format g"],
      ["same_double", { ...three, length: huge }, size],
      ["same_double", { ...three, offset: huge }, size],
      [
        "same_money",
        { format: "d:18", length: 1, buffers: [null, ints(1)] },
        "must be a decimal of 128 bits with a scale from 0 to 38, not of format d:18",
      ],
      [
        "same_timestamp",
        { format: "tsx:UTC", length: 1, buffers: [null, ints(1)] },
        "must be an Arrow array of timestamp (format tsu:UTC), not of format tsx:UTC",
      ],
    ];
    const answers = await ask(cases.flatMap(([name, array]) => columns(name, array)));
    const reasons = cases.flatMap(([name, , reason]) => {
      const { name: argument = "" } = functions.get(name).arguments[0] ?? {};
      return ["python", "c"].map(
        () => `${name}(): argument "${argument}"${reason.startsWith(",") ? "" : " "}${reason}`,
      );
    });
    assert.deepEqual(
      answers.map(({ error }) => error?.message),
      reasons,
    );
    assert.deepEqual(new Set(answers.map(({ error }) => error?.code)), new Set(["UDF_USAGE_ERROR"]));
  });

  test("Python refuses what is no Arrow array, and says what a chunked one needs", async () => {
    const [answer] = await ask([{ do: "columns", index: functions.index("same_double"), arrays: [7] }]);
    const message =
      /^same_double\(\): argument "value" must be an Arrow array .*, not int; join a chunked one by combine_/;
    assert.match(answer?.error?.message ?? "", message);
  });
}
