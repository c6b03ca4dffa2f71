import assert from "node:assert/strict";
import { test } from "node:test";
import { execa } from "execa";
import { compareVersions } from "../../src/build/artifact/audit.ts";
import { pythons } from "../support/python.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { buildAlone, copyWithSources } from "./sdk/module-copy.ts";
import { Functions, openDoor } from "./sdk/node-host.ts";
import { inPython } from "./sdk/python-host.ts";

const artifact = await buildAlone(copyWithSources("portable"), "portable");
const door = openDoor(artifact);
const functions = new Functions(door);
const call = (name: string, ...args: unknown[]) => door.call(functions.index(name), ...args);

test("code that uses math, threads, streams, files, clocks and random numbers needs glibc 2.17 or older", async (t) => {
  if (process.arch !== "x64") return t.skip("the shim is for x86-64");
  const { stdout } = await execa("objdump", ["-T", artifact], { env: { LC_ALL: "C" } });
  const versions = [...stdout.matchAll(/GLIBC_([\d.]+)\)?\s+(\S+)/g)].map(([, version = "", symbol]) => ({
    version,
    symbol,
  }));
  assert.ok(versions.length > 50, "objdump must show what the object needs");
  assert.deepEqual(
    versions.filter(({ version }) => compareVersions(version, "2.17") > 0),
    [],
  );
  // nor does it need a libstdc++ or libgcc of the host
  assert.doesNotMatch(stdout, /GLIBCXX|CXXABI|GCC_/);
});

test("the old versions of mathematical functions give the same bits as the host's own", async () => {
  const values = Array.from({ length: 400 }, (_, index) => (index * 0.37 + 0.01) * (index % 3 === 0 ? 1e-3 : 1));
  const cases = values.flatMap((x, index) => {
    const y = values[(index * 7) % values.length] ?? 1;
    const one = ["exp", "exp2", "log", "log2", "lgamma"].map((name) => ({ name, args: [x] }));
    const two = ["pow", "hypot", "fmod"].map((name) => ({ name, args: [x, y] }));
    return [...one, ...two];
  });
  cases.push({ name: "log", args: [-1] }, { name: "exp", args: [1e9] }, { name: "pow", args: [-1, 0.5] });
  const program = `
import ctypes, json, math, sys
library = ctypes.CDLL("libm.so.6")
def host(name, args):
    function = getattr(library, name)
    function.restype, function.argtypes = ctypes.c_double, [ctypes.c_double] * len(args)
    return function(*args).hex()
print(json.dumps([host(case["name"], case["args"]) for case in json.load(sys.stdin)]))`;
  const [python] = await pythons();
  assert.ok(python, "the tests need Python 3.10 or later");
  const { stdout } = await execa(python.command, ["-c", program], { input: JSON.stringify(cases) });
  const ours = await inPython(
    { command: python.command, module: "portable", artifact },
    cases.map(({ name, args }) => ({ do: "call", index: functions.index(name), arguments: args })),
  );
  const results = ours.map(({ result }) => result);
  const sign = /^-?nan$/; // the sign of a NaN is nobody's business
  const expected: unknown = JSON.parse(stdout);
  assert.ok(Array.isArray(expected));
  assert.deepEqual(
    results.map((text) => String(text).replace(sign, "nan")),
    expected.map((text) => String(text).replace(sign, "nan")),
  );
});

test("numbers and texts, streams, files and random devices work through the shim", () => {
  assert.equal(call("numbers", "1.25"), "2.5 1.25 12 7");
  assert.equal(call("streams", 255), "ff true 1.5");
  assert.equal(call("randomness", 0), true);
  assert.equal(call("files", temporaryFolder("sdk-files")), true);
  assert.ok(Number.isFinite(call("floats", 1.5)));
});

test("threads, clocks, semaphores and thread-local destructors work through the shim", () => {
  // 1 + … + 8, once 1000, one asynchronous result, and 8 destructors
  assert.equal(call("threads", 8), 36 + 1000 + 100000 + 8 * 10000);
});

test("exceptions unwind through the shim's search for unwinding tables, nested and rethrown", () => {
  assert.equal(call("caught", 20), "wrapped at 1");
});
