import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCompilerOutput } from "../../../../src/build/output/compiler.ts";
import { parseLinkerOutput } from "../../../../src/build/output/linker.ts";
import { places, recorded, relatedOf, shown } from "./recorded.ts";

const ld = "ld-2.40";
const lld = "lld-14";
const parse = (name: string) => parseLinkerOutput(recorded(name), places);

test("ld: a missing function is at the line that calls it, and told once for all its callers", () => {
  const found = parse(`missing_function.${ld}`);
  assert.deepEqual(shown(found), [
    "link/missing.cpp:4: error: undefined reference to 'sine(double)'",
    "link/missing.cpp:5: error: undefined reference to 'cosine(double)'",
    "link/missing.cpp:9: error: undefined reference to 'table'",
  ]);
  assert.deepEqual(relatedOf(found[0]), ["link/missing.cpp:7 also used here"]);
  assert.ok(found.every(({ origin }) => origin === "link"));
});

test("lld: a missing function is at the line that calls it, and told once for all its callers", () => {
  const found = parse(`missing_function.${lld}`);
  assert.deepEqual(shown(found), [
    "link/missing.cpp:4: error: undefined symbol: sine(double)",
    "link/missing.cpp:5: error: undefined symbol: cosine(double)",
    "link/missing.cpp:9: error: undefined symbol: table",
  ]);
  assert.deepEqual(relatedOf(found[0]), ["link/missing.cpp:7 also used here"]);
});

test("without debug info, a missing function is told with the function that uses it", () => {
  const found = parse(`missing_function_no_debug.${ld}`);
  assert.deepEqual(shown(found), [
    "error: undefined reference to 'sine(double)'",
    "error: undefined reference to 'cosine(double)'",
    "error: undefined reference to 'table'",
  ]);
  assert.equal(found[0]?.details, "It is used in both(double) (missing.cpp).");
  assert.equal(parse(`missing_function_no_debug.${lld}`).length, 3);
});

test("ld: a second definition is at its line, with the first one related", () => {
  const found = parse(`multiple_definition.${ld}`);
  assert.deepEqual(shown(found), [
    "link/two.cpp:1: error: multiple definition of 'shared()'",
    "link/two.cpp:2: error: multiple definition of 'counter'",
  ]);
  assert.deepEqual(relatedOf(found[0]), ["link/one.cpp:1 first defined here"]);
});

test("lld: a symbol that is defined twice names both places", () => {
  const [first] = parse(`multiple_definition.${lld}`);
  assert.deepEqual(shown(first ? [first] : []), ["link/one.cpp:1: error: duplicate symbol: shared()"]);
  assert.deepEqual(relatedOf(first), ["link/two.cpp:1 also defined here"]);
});

test("a second definition without debug info is told without a place", () => {
  for (const [linker, said] of [
    [ld, "multiple definition of 'counter'"],
    [lld, "duplicate symbol: counter"],
  ]) {
    assert.equal(shown(parse(`multiple_definition_no_debug.${linker}`))[1], `error: ${said}`);
  }
});

test("a missing library, a missing archive and a broken object are told in the linker's words", () => {
  assert.deepEqual(shown(parse(`missing_library.${ld}`)), [
    "error: cannot find -lno_such_library: No such file or directory",
  ]);
  assert.deepEqual(shown(parse(`missing_library.${lld}`)), ["error: unable to find library -lno_such_library"]);
  assert.deepEqual(shown(parse(`missing_archive.${ld}`)), [
    "error: cannot find /module/lib/libno_such.a: No such file or directory",
  ]);
  assert.deepEqual(shown(parse(`broken_object.${ld}`)), ["error: file too short"]);
  assert.match(shown(parse(`broken_object.${lld}`))[0] ?? "", /section header table goes past the end of the file/);
});

test("what the compiler driver says of a failed link is not taken for an error of the compiler", () => {
  for (const name of [`missing_function.${ld}`, `missing_function.${lld}`]) {
    assert.deepEqual(parseCompilerOutput(recorded(name), places), []);
  }
});

test("a full disk under the linker is told", () => {
  const text = "/usr/bin/ld: final link failed: No space left on device\ncollect2: error: ld returned 1 exit status\n";
  assert.deepEqual(shown(parseLinkerOutput(text, places)), ["error: final link failed: No space left on device"]);
});

test("the compiler's text gives nothing", () => {
  for (const name of ["plain.g++-12.2.0", "library_template.clang-14.0.6", "unknown_option.g++-12.2.0"]) {
    assert.deepEqual(parse(name), []);
  }
});
