import assert from "node:assert/strict";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import * as duckdb from "@duckdb/node-api";
import * as z from "zod";
import { runTool } from "../../../src/toolchain/run-tool.ts";
import { type BuiltModule, builtModule } from "../../support/built-module.ts";
import { projectRoot } from "../../support/command-line.ts";
import { type Python, pythonPackages, pythons } from "../../support/python.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { nodeProgram, pythonProgram } from "./program.ts";

/*
 * C++ takes nearly every word as a name of a function, an argument, a struct or a field. These have a meaning in
 * TypeScript, in Python, in SQL, or in the stubs themselves.
 */

const functions = [
  ...[
    "delete",
    "import",
    "typeof",
    "await",
    "arguments",
    "Map",
    "Error",
    "Object",
    "Float64Array",
    "process",
    "globalThis",
  ],
  ...["load", "columns", "artifact", "opened", "Column", "Door", "ArtifactModule", "path"],
  ...[
    "None",
    "def",
    "lambda",
    "str",
    "float",
    "open",
    "isinstance",
    "staticmethod",
    "_os",
    "_opened",
    "_column",
    "RowError",
  ],
  ...["__name__", "select", "toString", "constructor"],
];
/** In TypeScript a name that the stub exports itself gets an underscore. */
const exportedByStub = ["load", "columns", "artifact", "opened", "Column", "Door"];
const reservedInPython = [
  "import",
  "await",
  "None",
  "def",
  "lambda",
  "str",
  "float",
  "open",
  "isinstance",
  "staticmethod",
];
const ofPythonStub = ["load", "columns", "_os", "file", "text", "_opened", "_column", "RowError", "__name__"];

const source = `#include <udf/udf.h>
#include <string>
using namespace udf::literals;
static double plus_one(double self) { return self + 1; }
struct Map { double validity; std::string count; bool from; double _hidden; };
UDF_STRUCT(Map, validity, count, from, _hidden)
static Map fields(double validity) { return {validity, "counted", true, 2}; }
UDF_MODULE(awkward, m) {
  ${functions.map((name) => `m.row<plus_one>("${name}", "class"_a);`).join("\n  ")}
  m.row<fields>("fields", "_given"_a);
}
`;
const cmake = `cmake_minimum_required(VERSION 3.18...3.30)
project(awkward LANGUAGES CXX)
include(udf/cmake/udf.cmake)
udf_add_module(awkward src/awkward.cpp)
`;

let awkward: BuiltModule;
let python: Python;
before(async () => {
  const files = {
    "src/awkward.cpp": source,
    "CMakeLists.txt": cmake,
    "native-udf.json": JSON.stringify({ name: "awkward" }),
  };
  awkward = await builtModule("awkward", files);
  const [first] = await pythons();
  assert.ok(first);
  python = first;
});

test("every function can be called from TypeScript by its name, or with an underscore where the stub has that name", async () => {
  const names = functions.map((name) => (exportedByStub.includes(name) ? `${name}_` : name));
  const result = await nodeProgram(
    path.join(awkward.module.stubs, "awkward.ts"),
    `const result = [
      ${JSON.stringify(names)}.map((name) => (udf as any)[name](1)),
      ${JSON.stringify(functions)}.map((name) => (udf.columns as any)[name](Float64Array.of(1)).values[0]),
      udf.fields(5), udf.columns.fields(Float64Array.of(5)).validity_.values[0], udf.columns.fields(Float64Array.of(5)).validity,
    ];`,
  );
  const twos = functions.map(() => 2);
  assert.deepEqual(result, [twos, twos, { validity: 5, count: "counted", from: true, _hidden: 2 }, 5, null]);
});

test("the TypeScript stub passes tsc --strict", async () => {
  const folder = path.join(temporaryFolder("types"), "project");
  mkdirSync(folder);
  cpSync(awkward.module.stubs, folder, { recursive: true });
  symlinkSync(path.join(projectRoot, "node_modules"), path.join(folder, "node_modules"));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const { exitCode, stdout } = await runTool({
    command: process.execPath,
    args: [
      path.join(projectRoot, "node_modules/typescript/bin/tsc"),
      ...["--noEmit", "--ignoreConfig", "--strict", "--skipLibCheck", "--erasableSyntaxOnly", "--verbatimModuleSyntax"],
      ...["--module", "nodenext", "--target", "es2023", "--allowImportingTsExtensions", "--types", "node"],
      "awkward.duckdb.ts",
    ],
    cwd: folder,
  });
  assert.equal(exitCode, 0, stdout);
});

test("every function can be called from Python by its name, or with an underscore where Python or the stub has that name", async () => {
  const changed = [...reservedInPython, ...ofPythonStub];
  const names = functions.map((name) => (changed.includes(name) ? `${name}_` : name));
  const result = await pythonProgram({
    python,
    stubs: awkward.module.stubs,
    module: "awkward",
    body: `f = udf.fields(_given_=5.0)
print(json.dumps([[getattr(udf, name)(1.0) for name in ${JSON.stringify(names)}], f._asdict(), type(f).__name__]))`,
  });
  const fields = { validity: 5, count_: "counted", from_: true, field_hidden: 2 };
  assert.deepEqual(result, [functions.map(() => 2), fields, "Map_"]);
});

test("the Python stub and its types agree, as mypy's stubtest finds", async () => {
  const packages = await pythonPackages(python);
  const { stubs } = awkward.module;
  const { exitCode, stdout } = await runTool({
    command: python.command,
    args: ["-m", "mypy.stubtest", "awkward"],
    env: { ...process.env, PYTHONPATH: `${packages}:${stubs}`, MYPYPATH: stubs },
    cwd: temporaryFolder("stubtest"),
  });
  assert.equal(exitCode, 0, stdout);
});

test("every function can be called from SQL by its quoted name", async () => {
  const registerSchema = z.object({ register: z.function({ input: [z.unknown(), z.unknown()], output: z.unknown() }) });
  const stub = registerSchema.parse(
    await import(pathToFileURL(path.join(awkward.module.stubs, "awkward.duckdb.ts")).href),
  );
  const connection = await (await duckdb.DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  await stub.register(connection, duckdb);
  const calls = functions.map((name) => `"${name}"(1.0::DOUBLE)`);
  const reader = await connection.runAndReadAll(`SELECT ${calls.join(", ")}`);
  assert.deepEqual(reader.getRowsJson(), [functions.map(() => 2)]);
});
