import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCompilerOutput } from "../../../../src/build/output/compiler.ts";
import { places, recorded, relatedOf, shown } from "./recorded.ts";

const gcc = "g++-12.2.0";
const clang = "clang-14.0.6";
const parse = (name: string) => parseCompilerOutput(recorded(name), places);

/** Lines and columns are those of the sources in test/fixtures/build/sources, counted by hand. */
const cases: { title: string; name: string; gcc: string[]; clang: string[] }[] = [
  {
    title: "every error of a source has its message, line and column",
    name: "plain",
    gcc: [
      "src/plain.cpp:4:22: error: conversion from 'double' to non-scalar type 'std::string' {aka 'std::__cxx11::basic_string<char>'} requested",
      "src/plain.cpp:5:10: error: 'valu' was not declared in this scope; did you mean 'value'?",
    ],
    clang: [
      "src/plain.cpp:4:15: error: no viable conversion from 'double' to 'std::string' (aka 'basic_string<char>')",
      "src/plain.cpp:5:10: error: use of undeclared identifier 'valu'; did you mean 'value'?",
    ],
  },
  {
    title: "a template error inside the standard library is at the author's call",
    name: "library_template",
    gcc: [
      "src/library_template.cpp:5:12: error: no match for 'operator-' (operand types are 'std::_List_iterator<int>' and 'std::_List_iterator<int>')",
    ],
    clang: [
      "src/library_template.cpp:5:8: error: invalid operands to binary expression ('std::_List_iterator<int>' and 'std::_List_iterator<int>')",
    ],
  },
  {
    title: "a template error under the author's own template is at the line of it that is nearest to the error",
    name: "own_template",
    gcc: [
      "src/own_template.cpp:6:12: error: no match for 'operator-' (operand types are 'std::_List_iterator<int>' and 'std::_List_iterator<int>')",
    ],
    clang: [
      "src/own_template.cpp:6:8: error: invalid operands to binary expression ('std::_List_iterator<int>' and 'std::_List_iterator<int>')",
    ],
  },
  {
    title: "a static_assert of the SDK is at the author's registration",
    name: "sdk_assert",
    gcc: [
      "src/sdk_assert.cpp:8:20: error: static assertion failed: udf: a function takes bool, integers, floating point or strings",
      "src/sdk_assert.cpp:9:16: error: static assertion failed: udf: a function takes bool, integers, floating point or strings",
    ],
    clang: [
      "src/sdk_assert.cpp:8:5: error: static_assert failed due to requirement 'std::is_arithmetic_v<Pixel>' \"udf: a function takes bool, integers, floating point or strings\"",
      "src/sdk_assert.cpp:8:5: error: incomplete definition of type 'udf::Codec<Pixel>'",
      "src/sdk_assert.cpp:9:5: error: static_assert failed due to requirement 'std::is_arithmetic_v<Pixel *>' \"udf: a function takes bool, integers, floating point or strings\"",
      "src/sdk_assert.cpp:9:5: error: incomplete definition of type 'udf::Codec<Pixel *>'",
    ],
  },
  {
    title: "a check at compile time inside the SDK is at the author's argument",
    name: "sdk_consteval",
    gcc: ["src/sdk_consteval.cpp:4:14: error: expression '<throw-expression>' is not a constant expression"],
    clang: [
      "src/sdk_consteval.cpp:4:18: error: call to consteval function 'udf::Name::Name' is not a constant expression",
    ],
  },
  {
    title: "an error in an argument of an SDK macro is at the author's argument",
    name: "sdk_macro",
    gcc: ["src/sdk_macro.cpp:6:18: error: 'const struct Route' has no member named 'miles'"],
    clang: ["src/sdk_macro.cpp:6:18: error: no member named 'miles' in 'Route'"],
  },
  {
    title: "an error in the text of an SDK macro is where the author uses it",
    name: "sdk_macro_body",
    gcc: ["src/sdk_macro_body.cpp:4:1: error: 'no_such_start' was not declared in this scope"],
    clang: ["src/sdk_macro_body.cpp:4:1: error: use of undeclared identifier 'no_such_start'"],
  },
  {
    title: "errors in a header of the SDK are where the author includes it, the second one too",
    name: "sdk_header",
    gcc: [
      "src/sdk_header.cpp:3: error: 'first_unknown' was not declared in this scope",
      "src/sdk_header.cpp:3: error: 'second_unknown' was not declared in this scope",
    ],
    clang: [
      "src/sdk_header.cpp:3: error: use of undeclared identifier 'first_unknown'",
      "src/sdk_header.cpp:3: error: use of undeclared identifier 'second_unknown'",
    ],
  },
  {
    title: "a constraint that is not met is at the author's call",
    name: "constraint",
    gcc: ["src/constraint.cpp:10:15: error: no matching function for call to 'twice(std::string)'"],
    clang: ["src/constraint.cpp:10:10: error: no matching function for call to 'twice'"],
  },
  {
    title: "an error in a header of the author's stays in the header",
    name: "header_one",
    gcc: [
      "include/airports.h:3:3: error: 'Strin' does not name a type",
      "include/airports.h:4:10: error: expected ';' at end of member declaration",
    ],
    clang: [
      "include/airports.h:3:3: error: unknown type name 'Strin'",
      "include/airports.h:4:18: error: expected ';' at end of declaration list",
    ],
  },
  {
    title: "an include of a missing file is at the include",
    name: "missing_include",
    gcc: ["src/missing_include.cpp:3:10: error: no_such.h: No such file or directory"],
    clang: ["src/missing_include.cpp:3:10: error: 'no_such.h' file not found"],
  },
  {
    title: "warnings are warnings",
    name: "warnings",
    gcc: [
      "src/warnings.cpp:4:34: warning: comparison of integer expressions of different signedness: 'int' and 'unsigned int'",
      "src/warnings.cpp:2:7: warning: unused variable 'unused'",
    ],
    clang: [
      "src/warnings.cpp:2:7: warning: unused variable 'unused'",
      "src/warnings.cpp:4:34: warning: comparison of integers of different signs: 'int' and 'unsigned int'",
    ],
  },
  {
    title: "a warning that -Werror makes an error is an error",
    name: "werror",
    gcc: ["src/werror.cpp:2:7: error: unused variable 'unused'"],
    clang: ["src/werror.cpp:2:7: error: unused variable 'unused'"],
  },
  {
    title: "an option that the compiler does not know is an error without a place",
    name: "unknown_option",
    gcc: ["error: unrecognized command-line option '-fno-such-option'"],
    clang: ["error: unknown argument: '-fno-such-option'"],
  },
];

for (const { title, name, gcc: fromGcc, clang: fromClang } of cases) {
  test(`g++: ${title}`, () => assert.deepEqual(shown(parse(`${name}.${gcc}`)), fromGcc));
  test(`clang: ${title}`, () => {
    const found = shown(parse(`${name}.${clang}`));
    assert.deepEqual(name === "library_template" || name === "own_template" ? found.slice(0, 1) : found, fromClang);
  });
}

test("the name of a warning is its code", () => {
  assert.deepEqual(
    parse(`warnings.${gcc}`).map(({ code }) => code),
    ["-Wsign-compare", "-Wunused-variable"],
  );
  assert.equal(parse(`werror.${gcc}`)[0]?.code, "-Werror=unused-variable");
  assert.equal(parse(`werror.${clang}`)[0]?.code, "-Werror,-Wunused-variable");
});

test("an error in a header is told once for two sources that include it, with the first of them related", () => {
  for (const compiler of [gcc, clang]) {
    const both = parseCompilerOutput(
      `${recorded(`header_one.${compiler}`)}\n${recorded(`header_two.${compiler}`)}`,
      places,
    );
    assert.equal(both.length, 2);
    assert.deepEqual(relatedOf(both[0]), ["src/header_one.cpp:1 included from here"]);
  }
});

test("an error that was moved keeps the place it was found at, and the way there, nearest first", () => {
  for (const compiler of [gcc, clang]) {
    const [first] = parse(`sdk_assert.${compiler}`);
    const files = first?.related.map(({ location }) => `${location.file}:${location.line}`);
    assert.deepEqual(files?.slice(0, 4), ["udf/udf.h:9", "udf/udf.h:22", "udf/udf.h:16", "src/sdk_assert.cpp:8"]);
    assert.equal(first?.related[0]?.message, "the error was found here");
  }
});

test("what led to one error is not taken for the next", () => {
  const text = `${recorded(`library_template.${gcc}`)}\n/usr/include/c++/12/vector:1:1: error: alone`;
  assert.equal(parseCompilerOutput(text, places).at(-1)?.location?.file, "/usr/include/c++/12/vector");
});

test("a compiler that was killed or that crashed gives an error", () => {
  const killed = parseCompilerOutput("g++: fatal error: Killed signal terminated program cc1plus\n", places);
  assert.deepEqual(shown(killed), ["error: Killed signal terminated program cc1plus"]);
  const crashed = parseCompilerOutput("/module/src/a.cpp:3:1: internal compiler error: Segmentation fault\n", places);
  assert.deepEqual(shown(crashed), ["src/a.cpp:3:1: error: Segmentation fault"]);
});

test("text that is no compiler's gives nothing", () => {
  assert.deepEqual(
    parseCompilerOutput("[1/2] Building CXX object a.o\nninja: build stopped: subcommand failed.\n", places),
    [],
  );
});
