import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { runTool } from "../../../src/toolchain/run-tool.ts";
import { type Python, pythonPackages, pythons } from "../../support/python.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { buildEveryType, type EveryType } from "./every-type.ts";

let every: EveryType;
let found: Python[] = [];
before(async () => {
  [every, found] = await Promise.all([buildEveryType(), pythons()]);
  assert.notEqual(found.length, 0, "the tests need Python 3.10 or newer as python3");
});

function main(): Python {
  const python = found[0];
  assert.ok(python);
  return python;
}

/** Runs a Python program with the stub as `udf`; gives the JSON that it printed. `-I -S` keeps all but the standard library away. */
async function program(python: Python, body: string, packages?: string): Promise<unknown> {
  const { exitCode, stdout, stderr } = await runTool({
    command: python.command,
    args: [
      ...(packages ? [] : ["-I", "-S"]),
      "-c",
      `import json, sys\nsys.path.insert(0, ${JSON.stringify(every.module.stubs)})\nimport every_type as udf\n${body}`,
    ],
    env: { ...process.env, ...(packages ? { PYTHONPATH: packages } : {}) },
  });
  assert.equal(exitCode, 0, `${python.command} (${python.version}): ${stderr}`);
  return JSON.parse(stdout);
}

describe("a scalar call", () => {
  test("gives the same values as Node's in every Python that is here, from the same bytes, with the standard library only", async () => {
    for (const python of found) {
      const result = await program(
        python,
        `print(json.dumps([udf.negate(True), udf.add_one(41), udf.twice(2**60), udf.halve(5.0), udf.root(2.0), udf.root(-1.0),
          udf.shout("é\\0"), udf.either(None, None), udf.either(None, 7), udf.either("", 7), udf.pair("a=bc", "="),
          udf.pair("a=bc", "=").size, udf.pair("", "="), udf.negate(None)]))`,
      );
      assert.deepEqual(result, [
        ...[false, 42, 2 ** 61, 2.5, Math.sqrt(2), null, "é\u0000!", "neither", "7", "", ["a", 2, true]],
        ...[2, null, null],
      ]);
    }
  });

  test("refuses wrong types and ranges by the argument's name, and names what a function threw", async () => {
    const result = await program(
      main(),
      `messages = []
for call in [lambda: udf.add_one("1"), lambda: udf.add_one(2**40), lambda: udf.add_one(1.5), lambda: udf.shout(1), lambda: udf.refuse(13.0)]:
    try:
        call()
        messages.append("accepted")
    except Exception as error:
        messages.append(f"{type(error).__name__}: {error}")
try:
    udf.refuse(13.0)
except udf.RowError as error:
    messages.append(error.function)
print(json.dumps(messages))`,
    );
    assert.ok(Array.isArray(result));
    assert.match(String(result[0]), /add_one\(\).*"value"/);
    for (const message of result.slice(0, 4))
      assert.match(String(message), /^(?:TypeError|OverflowError|ValueError): /);
    assert.match(String(result[4]), /^RowError: .*13 brings bad luck/);
    assert.equal(result[5], "refuse");
  });
});

describe("a column call with pyarrow", () => {
  test("computes slices, nulls, text and structs, and agrees with the scalar calls", async () => {
    const packages = await pythonPackages(main());
    const result = await program(
      main(),
      `import pyarrow as pa
x = pa.array([None if i % 7 == 0 else i - 100.0 for i in range(1000)])[3:977]
t = pa.array([None if i % 5 == 0 else "ü" * (i % 9) + ("=" if i % 2 else "") + str(i) for i in range(1000)])[1:]
marks = pa.array(["="] * len(t), pa.large_string())
pairs = udf.columns.pair(t, marks)
checks = {
  "root": udf.columns.root(x).to_pylist() == [udf.root(v) for v in x.to_pylist()],
  "shout": udf.columns.shout(t).to_pylist() == [udf.shout(v) for v in t.to_pylist()],
  "pair": pairs.to_pylist() == [None if v is None or udf.pair(v, "=") is None else udf.pair(v, "=")._asdict() for v in t.to_pylist()],
  "bool": udf.columns.negate(pa.array([True, None, False] * 30)[1:]).to_pylist() == ([True, None, False] * 30 and [None if v is None else not v for v in ([True, None, False] * 30)[1:]]),
  "int64": udf.columns.twice(pa.array([2**60, None, -1])).to_pylist() == [2**61, None, -2],
  "empty": udf.columns.root(pa.array([], pa.float64())).to_pylist() == [],
  "type": str(pairs.type),
}
print(json.dumps(checks))`,
      packages,
    );
    assert.deepEqual(result, {
      ...{ root: true, shout: true, pair: true, bool: true, int64: true, empty: true },
      type: "struct<left: string, size: int64, found: bool>",
    });
  });

  test("refuses arrays of another type or length, and names the row of an exception", async () => {
    const packages = await pythonPackages(main());
    const result = await program(
      main(),
      `import pyarrow as pa
messages = []
for call in [lambda: udf.columns.root(pa.array([1])), lambda: udf.columns.pair(pa.array(["a"]), pa.array(["=", "="])), lambda: udf.columns.root([1.0]), lambda: udf.columns.refuse(pa.array([float(i) for i in range(100)]))]:
    try:
        call()
        messages.append("accepted")
    except Exception as error:
        messages.append(f"{type(error).__name__}: {error}")
try:
    udf.columns.refuse(pa.array([float(i) for i in range(100)]))
except udf.RowError as error:
    messages.append(error.row)
print(json.dumps(messages))`,
      packages,
    );
    assert.ok(Array.isArray(result));
    assert.match(String(result[0]), /root\(\).*value/);
    assert.match(String(result[1]), /pair\(\)/);
    for (const message of result.slice(0, 3)) assert.doesNotMatch(String(message), /^accepted/);
    assert.match(String(result[3]), /^RowError: .*13 brings bad luck/);
    assert.equal(result[4], 13);
  });
});

describe("loading", () => {
  test("an artifact with a changed byte is refused with what was expected and what to do", async () => {
    const copy = path.join(temporaryFolder("refused"), every.built.manifest.file);
    copyFileSync(every.built.artifactPath, copy);
    const bytes = readFileSync(copy);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    writeFileSync(copy, bytes);
    const result = await program(
      main(),
      `try:
    udf.load(${JSON.stringify(copy)})
    message = "accepted"
except udf.ArtifactError as error:
    message = str(error)
print(json.dumps(message))`,
    );
    assert.match(
      String(result),
      new RegExp(`its sha256 begins with [0-9a-f]{12}.*Expected ${every.built.manifest.file}.*native-udf stubs`),
    );
  });

  test("happens once in a process: a second import of the stub finds the artifact in sys.modules", async () => {
    const result = await program(
      main(),
      `udf.load()
first = udf._opened.native()
del sys.modules["every_type"]
import every_type as again
again.load()
print(json.dumps([again is udf, again._opened.native() is first]))`,
    );
    assert.deepEqual(result, [false, true]);
  });

  test("the types pass mypy --strict, and a wrong use does not", async () => {
    const packages = await pythonPackages(main());
    const file = path.join(temporaryFolder("mypy"), "use.py");
    const check = async (text: string) => {
      writeFileSync(file, text);
      return runTool({
        command: main().command,
        args: ["-m", "mypy", "--strict", file],
        env: { ...process.env, PYTHONPATH: packages, MYPYPATH: every.module.stubs },
        cwd: path.dirname(file),
      });
    };
    const right = await check(
      "import every_type as udf\nx: float | None = udf.root(2.0)\npair = udf.pair('a', '=')\ny: str = pair.left if pair else ''\n",
    );
    assert.equal(right.exitCode, 0, right.stdout);
    const wrong = await check("import every_type as udf\nx: float = udf.root('2')\n");
    assert.match(wrong.stdout, /arg-type|assignment/);
  });
});
