import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import * as z from "zod";
import { build } from "../../src/build/build.ts";
import type { FunctionDescription } from "../../src/core/manifest.ts";
import type { Type } from "../../src/core/types.ts";
import { loadModule } from "../../src/module/load-module.ts";
import { baselineModule } from "../../src/testing/bench/baseline-module.ts";
import { nativeUdf } from "../support/command-line.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { casesModule } from "./cases-module.ts";

/* native-udf bench: what it prints, and that a function that does nothing can be made for every signature. */

let root = "";

before(async () => {
  const { module } = await casesModule();
  root = path.join(temporaryFolder("bench"), "cases");
  cpSync(module.root, root, { recursive: true, preserveTimestamps: true });
});

const resultSchema = z.object({
  function: z.string(),
  rows: z.number(),
  results: z.array(
    z.object({ input: z.string(), nanoseconds: z.number().positive(), baseline: z.number().positive() }),
  ),
});

describe("native-udf bench", () => {
  test("gives the nanoseconds of a row with and without nulls, and those of a function that does nothing", async () => {
    const options = ["--rows", "1000", "--seconds", "0.01"];
    const { exitCode, stdout, stderr } = await nativeUdf(["bench", "third", "--json", ...options], { cwd: root });
    assert.equal(exitCode, 0, stdout + stderr);
    const { function: name, rows, results } = resultSchema.parse(JSON.parse(stdout));
    assert.deepEqual([name, rows, results.map(({ input }) => input)], ["third", 1000, ["no nulls", "10 % nulls"]]);
    const shown = await nativeUdf(["bench", "third", ...options], { cwd: root });
    assert.match(shown.stdout, /input +ns\/row +does nothing +difference +rows\/s/);
    assert.match(shown.stdout, /no nulls +[\d.]+ +[\d.]+ +-?[\d.]+ +[\d,]+/);
  });

  test("times a row of an aggregate's group, beside an aggregate that does nothing", async () => {
    const options = ["--rows", "10000", "--seconds", "0.01"];
    const { exitCode, stdout, stderr } = await nativeUdf(["bench", "mean", "--json", ...options], { cwd: root });
    assert.equal(exitCode, 0, stdout + stderr);
    assert.equal(resultSchema.parse(JSON.parse(stdout)).results.length, 2);
    const source = readFileSync(path.join(root, ".native-udf", "bench", "src", "baseline.cpp"), "utf8");
    assert.match(source, /m\.aggregate<Nothing>\("baseline", "a0"_a\)/);
  });

  test("says in one line that there is no such function, and that one refuses ordinary values", async () => {
    const unknown = await nativeUdf(["bench", "thirds"], { cwd: root });
    assert.equal(unknown.exitCode, 2);
    assert.equal(unknown.stderr, 'error: the module has no function "thirds". Did you mean "third"?');
    const refused = await nativeUdf(["bench", "checked_text", "--rows", "10000", "--seconds", "0.01"], { cwd: root });
    assert.equal(refused.exitCode, 1);
    assert.match(refused.stderr, /^error: checked_text\(\) refuses a row that was made for it: zero\. /);
  });

  test("a function that does nothing is built without a warning for a signature with every kind of type, and has it", async () => {
    const point: Type = {
      struct: "Point",
      fields: [
        { name: "x", type: "double", nullable: false },
        { name: "tags", type: { list: { type: "string", nullable: true } }, nullable: true },
      ],
    };
    const types: Type[] = [
      ...(["bool", "int8", "uint64", "float", "string", "bytes", "date", "timestamp", "local_timestamp"] as const),
      { decimal: { precision: 18, scale: 2 } },
      { list: { type: "int64", nullable: true } },
      { list: { type: "string", nullable: false } },
      { list: { type: { list: { type: "int16", nullable: false } }, nullable: false } },
      { list: { type: point, nullable: false } },
      point,
    ];
    const described: FunctionDescription = {
      ...{ name: "all", kind: "row", doc: "", result: { type: point, nullable: true } },
      arguments: types.map((type, at) => ({ name: `a${at}`, type, nullable: at % 2 === 1 })),
    };
    const module = loadModule(root);
    const made = baselineModule(module, described);
    writeFileSync(
      path.join(made.root, "CMakeLists.txt"),
      "cmake_minimum_required(VERSION 3.18...3.30)\nproject(baseline LANGUAGES CXX)\ninclude(udf/cmake/udf.cmake)\nudf_add_module(baseline src/baseline.cpp)\ntarget_compile_options(baseline PRIVATE -Wall -Wextra -Wconversion)\n",
    );
    const { manifest, warnings } = await build(made);
    assert.deepEqual(warnings, []);
    const [found] = manifest.functions;
    const bare = (type: Type): unknown => JSON.parse(JSON.stringify(type).replaceAll(/"struct":"\w+"/g, '"struct":""'));
    assert.deepEqual(
      found?.arguments.map(({ type, nullable }) => [bare(type), nullable]),
      described.arguments.map(({ type, nullable }) => [bare(type), nullable]),
    );
    assert.deepEqual(bare(found?.result.type ?? "bool"), bare(point));
  });
});
