import assert from "node:assert/strict";
import path from "node:path";
import { before, test } from "node:test";
import { type Python, pythons } from "../../support/python.ts";
import { buildEveryType, type EveryType } from "./every-type.ts";
import { nodeProgram, pythonProgram } from "./program.ts";

/*
 * The same artifact in Node and in every Python that is here: equal values, bit for bit, and equal to what JavaScript's
 * own arithmetic gives. Doubles travel as the 16 hex digits of their bits; all NaN are one.
 */

const doubles = [0, -0, 1, -1, 2, 0.1, 1e300, 5e-324, 2.2250738585072014e-308, Infinity, -Infinity, NaN, Math.PI];
const integers = [0n, 1n, -1n, 2n ** 53n + 1n, 2n ** 62n - 1n, -(2n ** 62n)];
const texts = ["", "a", "é", "漢字", "😀", "a\u0000b", "x".repeat(5000), "key=value", "=", "é=😀", " \n\t"];

let every: EveryType;
let found: Python[];
before(async () => {
  every = await buildEveryType();
  found = await pythons();
});

const bits = (value: number): string => {
  if (Number.isNaN(value)) return "NaN";
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
};

/** What the functions give by their definition, out of JavaScript's arithmetic (IEEE 754 prescribes every bit of it). */
const expected = {
  root: doubles.map((value) => (value < 0 ? null : bits(Math.sqrt(value)))),
  halve: doubles.map((value) => bits(Math.fround(Math.fround(value) / 2))),
  twice: integers.map((value) => String(BigInt.asIntN(64, value * 2n))),
  shout: texts.map((text) => `${text}!`),
  pair: texts.map((text) => {
    if (text === "") return null;
    const at = text.indexOf("=");
    return at < 0
      ? { left: text, size: null, found: false }
      : { left: text.slice(0, at), size: String(Buffer.byteLength(text.slice(at + 1))), found: true };
  }),
};

test("Node gives what the functions are defined to give", async () => {
  const result = await nodeProgram(
    path.join(every.module.stubs, "every_type.ts"),
    `const given = ${JSON.stringify({ doubles: doubles.map(bits), integers: integers.map(String), texts })};
    const view = new DataView(new ArrayBuffer(8));
    const bits = (v: number | null) => { if (v === null) return null; if (Number.isNaN(v)) return "NaN"; view.setFloat64(0, v); return view.getBigUint64(0).toString(16).padStart(16, "0"); };
    const doubles = given.doubles.map((text) => { if (text === "NaN") return NaN; view.setBigUint64(0, BigInt("0x" + text)); return view.getFloat64(0); });
    const result = {
      root: doubles.map((v) => bits(udf.root(v))), halve: doubles.map((v) => bits(udf.halve(v))),
      twice: given.integers.map((v) => String(udf.twice(BigInt(v)))), shout: given.texts.map((t) => udf.shout(t)),
      pair: given.texts.map((t) => { const p = udf.pair(t, "="); return p && { ...p, size: p.size === null ? null : String(p.size) }; }),
    };`,
  );
  assert.deepEqual(result, expected);
});

test("every Python gives the same, bit for bit, with nothing but its standard library", async () => {
  for (const python of found) {
    const result = await pythonProgram({
      python,
      stubs: every.module.stubs,
      module: "every_type",
      body: `import struct
given = json.loads(${JSON.stringify(JSON.stringify({ doubles: doubles.map(bits), integers: integers.map(String), texts }))})
def bits(v):
    return None if v is None else "NaN" if v != v else struct.pack(">d", v).hex()
doubles = [float("nan") if t == "NaN" else struct.unpack(">d", bytes.fromhex(t))[0] for t in given["doubles"]]
def pair(t):
    p = udf.pair(t, "=")
    return p and {"left": p.left, "size": None if p.size is None else str(p.size), "found": p.found}
print(json.dumps({
    "root": [bits(udf.root(v)) for v in doubles], "halve": [bits(udf.halve(v)) for v in doubles],
    "twice": [str(udf.twice(int(v))) for v in given["integers"]], "shout": [udf.shout(t) for t in given["texts"]],
    "pair": [pair(t) for t in given["texts"]],
}))`,
    });
    assert.deepEqual(result, expected, `Python ${python.version}`);
  }
});
