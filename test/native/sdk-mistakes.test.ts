import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import { parseCompilerOutput } from "../../src/build/output/compiler.ts";
import { SourcePlaces } from "../../src/build/output/source-places.ts";
import { findBuildTools } from "../../src/toolchain/find-build-tools.ts";
import { onPath } from "../../src/toolchain/on-path.ts";
import { copyWithSources } from "./sdk/module-copy.ts";

const folder = copyWithSources("mistakes");
const file = path.join("src", "mistakes.cpp");

/** The compiler of a build, and clang where it is another one and installed. */
async function compilers(): Promise<string[]> {
  const { compiler } = await findBuildTools();
  return [...new Set([compiler, onPath("clang++") ?? compiler])];
}

async function errorsOf(moduleName: string, { source, compiler }: { source: string; compiler: string }) {
  const all = compiler.includes("clang") ? "-ferror-limit=0" : "-fmax-errors=0";
  const args = ["-std=c++20", all, "-fsyntax-only", `-DUDF_MODULE_NAME="${moduleName}"`, "-Iudf/include", source];
  const { stderr } = await execa(compiler, args, { cwd: folder, reject: false, env: { LC_ALL: "C" } });
  return parseCompilerOutput(stderr, new SourcePlaces(folder)).filter(({ severity }) => severity === "error");
}

test("each mistake in a registration is one error at the author's line, in words that help, from g++ and from clang", async () => {
  const lines = readFileSync(path.join(folder, file), "utf8").split("\n");
  const expected = lines.flatMap((text, index) => {
    const [, message] = /\/\/ wrong: (.*)$/.exec(text) ?? [];
    return message ? [{ line: index + 1, message }] : [];
  });
  assert.ok(expected.length >= 30);
  for (const compiler of await compilers()) {
    const found = await errorsOf("mistakes", { source: file, compiler });
    const shown = found
      .map(({ message, location }) => ({ file: location?.file, line: location?.line ?? 0, message }))
      .sort((left, right) => left.line - right.line);
    for (const [index, { line, message }] of expected.entries()) {
      assert.deepEqual([shown[index]?.file, shown[index]?.line], [file, line], compiler);
      assert.ok(shown[index]?.message.includes(message), `${compiler}, line ${line}: ${shown[index]?.message}`);
    }
    assert.equal(found.length, expected.length, `${compiler}: no mistake may bring errors after the first`);
  }
});

test("a module that is named otherwise than in CMakeLists.txt is refused at UDF_MODULE", async () => {
  const source = path.join("src", "named.cpp");
  for (const compiler of await compilers()) {
    const [first, ...more] = await errorsOf("other_name", { source, compiler });
    assert.match(
      first?.message ?? "",
      /udf: UDF_MODULE and udf_add_module in CMakeLists.txt must name the same module/,
    );
    assert.deepEqual([first?.location?.file, first?.location?.line, more.length], [source, 3, 0]);
  }
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
