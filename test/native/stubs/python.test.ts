import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { type Python, pythonPackages, pythons } from "../../support/python.ts";
import { buildEveryType, type EveryType } from "./every-type.ts";
import { pythonAttempts, pythonProgram } from "./program.ts";

let every: EveryType;
let python: Python;
let packages: string;
before(async () => {
  every = await buildEveryType();
  const [first] = await pythons();
  assert.ok(first);
  python = first;
  packages = await pythonPackages(python);
});

function run(body: string): Promise<unknown> {
  return pythonProgram({ python, stubs: every.module.stubs, module: "every_type", body: pythonAttempts + body });
}

function runWithPyarrow(body: string): Promise<unknown> {
  const text = `${pythonAttempts}import pyarrow as pa\n${body}`;
  return pythonProgram({ python, stubs: every.module.stubs, module: "every_type", body: text, packages });
}

async function messagesOf(result: Promise<unknown>): Promise<string[]> {
  const messages = await result;
  assert.ok(Array.isArray(messages));
  return messages.map(String);
}

describe("a scalar call", () => {
  test("takes arguments by position and by name, and gives a struct as a named tuple", async () => {
    const result = await run(
      `pair = udf.pair(mark="=", text="a=bc")
print(json.dumps([pair, pair.left, pair.size, pair.found, type(pair).__name__, udf.either(text=None, number=7), udf.negate.__doc__]))`,
    );
    assert.deepEqual(result, [
      ...[["a", 2, true], "a", 2, true, "Pair", "7"],
      "The other truth value.\n\n    A null argument gives None.\n    ",
    ]);
  });

  test("refuses wrong types and ranges by the argument's name", async () => {
    const messages = await messagesOf(
      run(
        `print(json.dumps(attempt(lambda: udf.add_one("1"), lambda: udf.add_one(2**40), lambda: udf.add_one(1.5), lambda: udf.shout(1),
  lambda: udf.twice(2**63), lambda: udf.negate(1), lambda: udf.shout("\\ud800"))))`,
      ),
    );
    assert.match(messages[0] ?? "", /TypeError: add_one\(\).*"value".*str/);
    for (const message of messages)
      assert.match(message, /^(?:TypeError|OverflowError|ValueError|UnicodeEncodeError): /);
  });

  test("an exception is a RowError with the function's name and no row, which can be pickled", async () => {
    const result = await run(
      `import pickle
try:
    udf.refuse(13.0)
except udf.RowError as error:
    again = pickle.loads(pickle.dumps(error))
    print(json.dumps([[str(e), e.code, e.function, e.row] for e in (error, again)]))`,
    );
    const expected = ["13 brings bad luck", "UDF_ROW_ERROR", "refuse", null];
    assert.deepEqual(result, [expected, expected]);
  });
});

describe("a column call with pyarrow", () => {
  test("computes slices, nulls, text and structs, and agrees with what Python computes", async () => {
    const result = await runWithPyarrow(
      `import math
x = pa.array([None if i % 7 == 0 else i - 100.0 for i in range(1000)])[3:977]
t = pa.array([None if i % 5 == 0 else "ü" * (i % 9) + ("=" if i % 2 else "") + str(i) for i in range(1000)])[1:]
b = pa.array([True, None, False] * 30)[1:]
marks = pa.array(["="] * len(t), pa.large_string())
def pair(v):
    if not v: return None
    left, mark, right = v.partition("=")
    return {"left": left, "size": len(right.encode()) if mark else None, "found": bool(mark)}
pairs = udf.columns.pair(t, marks)
pairs.validate(full=True)
checks = {
  "root": udf.columns.root(x).to_pylist() == [None if v is None or v < 0 else math.sqrt(v) for v in x.to_pylist()],
  "shout": udf.columns.shout(t).to_pylist() == [None if v is None else v + "!" for v in t.to_pylist()],
  "pair": pairs.to_pylist() == [pair(v) for v in t.to_pylist()],
  "bool": udf.columns.negate(b).to_pylist() == [None if v is None else not v for v in b.to_pylist()],
  "int64": udf.columns.twice(pa.array([2**60, None, -1])).to_pylist() == [2**61, None, -2],
  "float": udf.columns.halve(pa.array([5, None], pa.float32())).to_pylist() == [2.5, None],
  "int32": udf.columns.add_one(pa.array([-1, None], pa.int32())).to_pylist() == [0, None],
  "optional": udf.columns.either(pa.array([None, "a", None]), pa.array([7, 8, None], pa.int32())).to_pylist() == ["7", "a", "neither"],
  "nulls": udf.columns.root(pa.nulls(3)).to_pylist() == [None] * 3,
  "empty": udf.columns.root(pa.array([], pa.float64())).to_pylist() == [],
  "chained": udf.columns.root(udf.columns.root(pa.array([16.0]))).to_pylist() == [2.0],
  "type": str(pairs.type),
}
print(json.dumps(checks))`,
    );
    assert.deepEqual(result, {
      ...{ root: true, shout: true, pair: true, bool: true, int64: true, float: true, int32: true },
      ...{ optional: true, nulls: true, empty: true, chained: true },
      type: "struct<left: string, size: int64, found: bool>",
    });
  });

  test("refuses arrays of another type or length by the argument's name, and names the row of an exception", async () => {
    const messages = await messagesOf(
      runWithPyarrow(
        `messages = attempt(lambda: udf.columns.root(pa.array([1])), lambda: udf.columns.pair(pa.array(["a"]), pa.array(["=", "="])),
  lambda: udf.columns.root([1.0]), lambda: udf.columns.root(pa.chunked_array([[1.0]])))
try:
    udf.columns.refuse(pa.array([float(i) for i in range(100)]))
except udf.RowError as error:
    messages += [str(error), error.function, error.row]
print(json.dumps(messages))`,
      ),
    );
    assert.match(messages[0] ?? "", /^TypeError: root\(\).*"value"/);
    assert.match(messages[1] ?? "", /^TypeError: pair\(\).*"mark".*2 rows/);
    assert.match(messages[2] ?? "", /^TypeError: root\(\).*Arrow array.*list/);
    assert.match(messages[3] ?? "", /combine_chunks/);
    assert.deepEqual(messages.slice(4), ["13 brings bad luck", "refuse", "13"]);
  });

  test("gives an object of the Arrow PyCapsule interface, to be taken once, where pyarrow cannot be imported", async () => {
    const result = await runWithPyarrow(
      `given = pa.array([4.0])
sys.modules["pyarrow"] = None
column = udf.columns.root(given)
sys.modules["pyarrow"] = pa
print(json.dumps([type(column).__module__, pa.array(column).to_pylist(), attempt(lambda: pa.array(column))]))`,
    );
    assert.deepEqual(result, [
      "every_type",
      [2],
      ["ValueError: this column has been taken: its memory can be handed over once"],
    ]);
  });
});
