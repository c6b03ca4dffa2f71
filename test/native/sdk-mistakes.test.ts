import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import { parseCompilerOutput } from "../../src/build/output/compiler.ts";
import { SourcePlaces } from "../../src/build/output/source-places.ts";
import { findBuildTools } from "../../src/toolchain/find-build-tools.ts";
import { copyWithSources } from "./sdk/module-copy.ts";

const folder = copyWithSources("mistakes");
const file = path.join("src", "mistakes.cpp");

async function errorsOf(moduleName: string, source: string) {
  const { compiler } = await findBuildTools();
  const args = ["-std=c++20", "-fsyntax-only", `-DUDF_MODULE_NAME="${moduleName}"`, "-Iudf/include", source];
  const { stderr } = await execa(compiler, args, { cwd: folder, reject: false, env: { LC_ALL: "C" } });
  return parseCompilerOutput(stderr, new SourcePlaces(folder)).filter(({ severity }) => severity === "error");
}

test("each mistake in a registration is one error at the author's line, in words that help", async () => {
  const lines = readFileSync(path.join(folder, file), "utf8").split("\n");
  const expected = lines.flatMap((text, index) => {
    const [, message] = /\/\/ wrong: (.*)$/.exec(text) ?? [];
    return message ? [{ line: index + 1, message }] : [];
  });
  assert.ok(expected.length >= 19);
  const found = await errorsOf("mistakes", file);
  const shown = found
    .map(({ message, location }) => ({ file: location?.file, line: location?.line ?? 0, message }))
    .sort((left, right) => left.line - right.line);
  for (const [index, { line, message }] of expected.entries()) {
    assert.deepEqual([shown[index]?.file, shown[index]?.line], [file, line]);
    assert.ok(shown[index]?.message.includes(message), `line ${line}: ${shown[index]?.message}`);
  }
  assert.equal(found.length, expected.length, "no mistake may bring errors after the first");
});

test("a module that is named otherwise than in CMakeLists.txt is refused at UDF_MODULE", async () => {
  const source = path.join("src", "named.cpp");
  const [first, ...more] = await errorsOf("other_name", source);
  assert.match(first?.message ?? "", /udf: UDF_MODULE and udf_add_module in CMakeLists.txt must name the same module/);
  assert.deepEqual([first?.location?.file, first?.location?.line, more.length], [source, 3, 0]);
});

test("the light header that authors include brings neither streams, nor regular expressions, nor a host's headers", async () => {
  const { compiler } = await findBuildTools();
  const source = path.join("src", "named.cpp");
  const args = ["-std=c++20", '-DUDF_MODULE_NAME="named"', "-Iudf/include", "-M", source];
  const { stdout } = await execa(compiler, args, { cwd: folder });
  for (const heavy of ["iostream", "regex", "napi.h", "node_api.h", "Python.h", "functional", "chrono"]) {
    assert.doesNotMatch(stdout, new RegExp(`/${heavy.replace(".", "\\.")}(?=[ \\n])`), heavy);
  }
});
