import assert from "node:assert/strict";
import { test } from "node:test";
import { parseBuildToolOutput } from "../../../../src/build/output/build-tool.ts";
import { parseCmakeOutput } from "../../../../src/build/output/cmake.ts";
import { places, recorded, relatedOf, shown } from "./recorded.ts";

const parse = (name: string) => parseCmakeOutput(recorded(`${name}.cmake-3.25.1`), places);

test("an unknown command is at its line", () => {
  assert.deepEqual(shown(parse("command")), ['CMakeLists.txt:3: error: Unknown CMake command "no_such_command".']);
});

test("a missing package is told in one sentence, with cmake's advice in the details", () => {
  const found = parse("package");
  assert.deepEqual(shown(found), [
    'CMakeLists.txt:3: error: By not providing "FindNoSuchPackage.cmake" in CMAKE_MODULE_PATH this project has asked CMake to find a package configuration file provided by "NoSuchPackage", but CMake did not find one.',
  ]);
  assert.match(found[0]?.details ?? "", /NoSuchPackageConfig\.cmake[\s\S]*CMAKE_PREFIX_PATH/);
});

test("a syntax error is at its line", () => {
  assert.deepEqual(shown(parse("syntax")), [
    'CMakeLists.txt:3: error: Parse error.  Function missing ending ")".  End of file reached.',
  ]);
});

test("a message goes on after a colon, and a warning is a warning", () => {
  assert.deepEqual(shown(parse("message")), [
    "CMakeLists.txt:3: warning: Only a warning.",
    "CMakeLists.txt:4: error: The sources lie elsewhere: one.cpp",
  ]);
});

test("an error inside the SDK's CMake file is at the author's line that called it", () => {
  const found = parse("nested");
  assert.deepEqual(shown(found), ["CMakeLists.txt:4: error: There is no other.cpp."]);
  assert.deepEqual(relatedOf(found[0]), [
    "udf/cmake/udf.cmake:3 the error was found here",
    "CMakeLists.txt:4 called by add_module here",
  ]);
});

test("a source that is missing is named", () => {
  assert.equal(shown(parse("missing_source"))[0], "CMakeLists.txt:3: error: Cannot find source file: no_such.cpp");
});

test("a target that is missing is named", () => {
  assert.match(
    shown(parse("target"))[0] ?? "",
    /^CMakeLists\.txt:5: error: Target "sample" links to: NoSuch::Target but the target was not found\./,
  );
});

test("a compiler that is missing is named", () => {
  assert.deepEqual(shown(parse("no_compiler")), [
    "CMakeLists.txt:2: error: The CMAKE_CXX_COMPILER: /no/such/c++ is not a full path to an existing compiler tool.",
  ]);
});

test("ninja and make name a file that the build needs and that is missing", () => {
  for (const tool of ["ninja-1.11.1", "make-4.3"]) {
    const found = parseBuildToolOutput(recorded(`missing_archive.${tool}`), places);
    assert.deepEqual(shown(found), ["error: the build needs step/lib/libno_such.a, which is missing"]);
  }
});

test("the text of a compiler that failed under ninja gives nothing of its own", () => {
  const text = "FAILED: a.o\nninja: build stopped: subcommand failed.\n";
  assert.deepEqual(parseBuildToolOutput(text, places), []);
  assert.deepEqual(parseCmakeOutput(text, places), []);
});
