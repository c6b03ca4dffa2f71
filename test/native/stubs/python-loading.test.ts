import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { runTool } from "../../../src/toolchain/run-tool.ts";
import { type Python, pythonPackages, pythons } from "../../support/python.ts";
import { spark } from "../../support/spark.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { buildEveryType, type EveryType } from "./every-type.ts";
import { pythonAttempts, pythonProgram } from "./program.ts";

const rightScript = `from every_type import spark as udf
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

session: SparkSession = SparkSession.builder.getOrCreate()
udf.register()
udf.ship(session)
udf.options(time_limit_seconds=30, show_values=True)
rows: DataFrame = session.range(3)
root: Column = udf.root("id")
nested: Column = udf.root(udf.root(F.col("id")) + 1)
size: Column = udf.pair("text", F.lit("=")).getField("size")
rows.select("id", udf.root(rows.id), udf.root(rows["id"]).alias("root")).groupBy("id").agg(udf.root("id"), F.avg("id"))
`;

/** Each line, with mypy's name of what is wrong with it. */
const wrongLines: readonly (readonly [string, string?])[] = [
  ["from every_type import spark as udf"],
  ["a = udf.root(2.0)", "arg-type"],
  ['b: float = udf.root("x")', "assignment"],
  ['c = udf.pair("text")', "call-arg"],
  ['d = udf.no_such("x")', "attr-defined"],
  ['udf.register("session")', "arg-type"],
  ["udf.options(time_limit=3)", "call-arg"],
  ['udf.options(time_limit_seconds="3")', "arg-type"],
  ['e = udf.root(a="x")', "call-arg"],
];

let every: EveryType;
let python: Python;
before(async () => {
  every = await buildEveryType();
  const [first] = await pythons();
  assert.ok(first);
  python = first;
});

function run(body: string, stubs = every.module.stubs): Promise<unknown> {
  return pythonProgram({ python, stubs, module: "every_type", body: pythonAttempts + body });
}

/** A folder with a copy of the stub, with its text changed. */
function changedStub(change: (text: string) => string): string {
  const folder = path.join(temporaryFolder("stub"), "copied");
  mkdirSync(folder);
  writeFileSync(
    path.join(folder, "every_type.py"),
    change(readFileSync(path.join(every.module.stubs, "every_type.py"), "utf8")),
  );
  return folder;
}

describe("an artifact is refused with what was expected, what was found and what to do, where it", () => {
  const refusal = async (artifact: string, stubs?: string): Promise<string> => {
    const result = await run(`print(json.dumps(attempt(lambda: udf.load(${JSON.stringify(artifact)}))[0]))`, stubs);
    const message = String(result);
    assert.ok(message.startsWith(`ArtifactError: ${artifact}: `), message);
    assert.ok(message.includes(`Expected ${every.built.manifest.file}.`), message);
    return message;
  };
  const advice = /Run "native-udf stubs" in the module every_type, and ship stub and artifact together\.$/;

  test("has one changed byte", async () => {
    const copy = path.join(temporaryFolder("refused"), every.built.manifest.file);
    const bytes = readFileSync(every.built.artifactPath);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    writeFileSync(copy, bytes);
    const message = await refusal(copy);
    assert.match(message, /its sha256 begins with [0-9a-f]{12}/);
    assert.match(message, advice);
  });

  test("is missing where load() says", async () => {
    assert.match(await refusal("/nowhere/x.so"), /cannot be read \(No such file/);
  });

  test("is no shared object", async () => {
    assert.match(await refusal(path.join(every.module.root, "CMakeLists.txt")), /it is no shared object/);
  });

  test("is of another platform", async () => {
    const stubs = changedStub((text) => text.replace('platform="linux-', 'platform="plan9-'));
    assert.match(await refusal(every.built.artifactPath, stubs), /it was built for plan9-\w+, and this is linux-/);
  });

  test("is of another interface", async () => {
    const hash = every.built.manifest.interfaceHash;
    const stubs = changedStub((text) => text.replace(hash, hash.replaceAll(/./g, "0")));
    assert.match(await refusal(every.built.artifactPath, stubs), /the functions of every_type are not those/);
  });

  test("cannot be loaded by this system", async () => {
    const file = path.join(temporaryFolder("refused"), "other.so");
    const bytes = readFileSync(every.built.artifactPath);
    bytes[18] = 0x7f; // the ELF header's field for the processor
    writeFileSync(file, bytes);
    const digest = createHash("sha256").update(bytes).digest("hex");
    const stubs = changedStub((text) => text.replace(every.built.manifest.sha256, digest));
    assert.match(await refusal(file, stubs), /it cannot be loaded/);
  });

  test("is met by a free-threaded Python", async () => {
    const result = await run(
      `import sysconfig
sysconfig.get_config_vars()["Py_GIL_DISABLED"] = 1
print(json.dumps(attempt(lambda: udf.load())[0]))`,
    );
    assert.match(String(result), /free-threaded build.*Run it with the usual build of Python\.$/);
  });

  test("is missing in the default places, which are all named", async () => {
    const stubs = changedStub((text) => text);
    const result = String(await run("print(json.dumps(attempt(lambda: udf.negate(True))[0]))", stubs));
    assert.ok(result.includes(`${path.join(stubs, every.built.manifest.file)}: it is not there`), result);
    assert.ok(result.includes(`nor in ${path.join(path.dirname(stubs), "artifacts")}.`), result);
  });
});

describe("loading", () => {
  test("finds the artifact beside the stub, and the config where load() says", async () => {
    const stubs = changedStub((text) => text);
    copyFileSync(every.built.artifactPath, path.join(stubs, every.built.manifest.file));
    const words = path.join(stubs, "w.txt");
    writeFileSync(words, "moon");
    const result = await run(
      `udf.load(configs={"words.txt": ${JSON.stringify(words)}})\nprint(json.dumps([udf.knows("moon"), udf.knows("sea")]))`,
      stubs,
    );
    assert.deepEqual(result, [true, false]);
  });

  test("without load() takes artifact and config from the module's folder, whatever the current folder is", async () => {
    const result = await run('import os\nos.chdir("/")\nprint(json.dumps([udf.knows("moon"), udf.knows("sea")]))');
    assert.deepEqual(result, [false, true]);
  });

  test("a config that is missing is a ConfigError with its name and path, when it is first used", async () => {
    const result = await run(
      `udf.load(configs={"words.txt": "/nowhere/words.txt"})
try:
    udf.knows("sea")
except udf.ConfigError as error:
    print(json.dumps([udf.negate(True), error.code, error.config, str(error)]))`,
    );
    assert.ok(Array.isArray(result));
    assert.deepEqual(result.slice(0, 3), [false, "UDF_CONFIG_ERROR", "words.txt"]);
    assert.match(String(result[3]), /\/nowhere\/words\.txt.*No such file/);
  });

  test("happens once in a process: a second import of the stub, and a copy elsewhere, find the artifact in sys.modules", async () => {
    const copy = changedStub((text) => text);
    const result = await run(
      `udf.knows("sea")
first = udf._opened.native()
del sys.modules["every_type"]
import every_type as again
del sys.modules["every_type"]
sys.path.insert(0, ${JSON.stringify(copy)})
import every_type as copied
copied.load(${JSON.stringify(every.built.artifactPath)})
print(json.dumps([again is udf, copied.__file__ == again.__file__, again._opened.native() is first, copied._opened.native() is first, copied.knows("sea")]))`,
    );
    assert.deepEqual(result, [false, false, true, true, true]);
  });
});

describe("the types", () => {
  const mypy = async (args: readonly string[], cwd: string, more: readonly string[] = []) => {
    const packages = await pythonPackages(python);
    const { stubs } = every.module;
    const env = { ...process.env, PYTHONPATH: [packages, stubs, ...more].join(":"), MYPYPATH: stubs };
    return runTool({ command: python.command, args: ["-m", ...args], env, cwd });
  };

  test("are those of the stub at run time, as mypy's stubtest finds", async () => {
    const { exitCode, stdout } = await mypy(["mypy.stubtest", "every_type"], temporaryFolder("stubtest"));
    assert.equal(exitCode, 0, stdout);
  });

  test("pass mypy --strict, and a wrong use of each kind does not", async () => {
    const folder = temporaryFolder("mypy");
    const check = async (text: string) => {
      writeFileSync(path.join(folder, "use.py"), `import every_type as udf\n${text}`);
      return mypy(["mypy", "--strict", "use.py"], folder);
    };
    const right = await check(
      `x: float | None = udf.root(2.0)
y: str = udf.either(None, None)
pair = udf.pair("a", mark="=")
z: int | None = pair.size if pair else None
udf.load("artifact", {"words.txt": "path"}).watch("crashes")
try:
    udf.refuse(13.0)
except udf.RowError as error:
    row: int | None = error.row
`,
    );
    assert.equal(right.exitCode, 0, right.stdout);
    const wrong = await check(
      `a = udf.root("2")\nb: float = udf.root(2.0)\nc = udf.pair("a", "b").left\nd = udf.columns.root([1.0])\n`,
    );
    for (const [line, kind] of ["arg-type", "assignment", "union-attr", "arg-type"].entries()) {
      assert.match(wrong.stdout, new RegExp(`use\\.py:${line + 2}: error: .*\\[${kind}\\]`));
    }
  });

  test("of a PySpark script pass mypy --strict with pyspark's own, and a wrong use of each kind does not", async () => {
    const folder = temporaryFolder("mypy-spark");
    writeFileSync(path.join(folder, "right.py"), rightScript);
    writeFileSync(path.join(folder, "wrong.py"), wrongLines.map(([line]) => `${line}\n`).join(""));
    const sitePackages = path.dirname((await spark("4.3")).home);
    const { stdout } = await mypy(["mypy", "--strict", "right.py", "wrong.py"], folder, [sitePackages]);
    for (const [index, [line, kind]] of wrongLines.entries()) {
      if (kind === undefined) continue;
      assert.match(stdout, new RegExp(`^wrong\\.py:${index + 1}: error: .*\\[${kind}\\]$`, "m"), line);
    }
    assert.doesNotMatch(stdout, /^right\.py/m);
  });
});
