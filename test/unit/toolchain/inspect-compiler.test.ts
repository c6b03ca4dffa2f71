import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeMacros } from "../../../src/toolchain/inspect-compiler.ts";
import { acceptFrom } from "../../../src/toolchain/probe.ts";

const macros = (values: Record<string, number>) =>
  Object.entries(values)
    .map(([name, value]) => `#define ${name} ${value}`)
    .join("\n");
const gcc = (major: number) => ({ __GNUC__: major, __GNUC_MINOR__: 2, __GNUC_PATCHLEVEL__: 0 });
const clang = (major: number) => ({
  // clang says that it is gcc 4.2.1
  ...{ __GNUC__: 4, __GNUC_MINOR__: 2, __GNUC_PATCHLEVEL__: 1 },
  ...{ __clang__: 1, __clang_major__: major, __clang_minor__: 0, __clang_patchlevel__: 6 },
});

test("gcc is taken from version 11 on", () => {
  assert.deepEqual(judgeMacros(macros(gcc(11))), { accepted: true, version: "11.2.0" });
  assert.deepEqual(judgeMacros(macros(gcc(9))), {
    accepted: false,
    tooOld: true,
    reason: "version 9.2.0 is older than 11",
  });
});

test("clang is taken from version 14 on, by its own version and not by the gcc that it claims to be", () => {
  assert.deepEqual(judgeMacros(macros(clang(14))), { accepted: true, version: "14.0.6" });
  assert.equal(judgeMacros(macros(clang(13))).accepted, false);
});

test("a new clang with an old standard library beside it is too old", () => {
  assert.deepEqual(judgeMacros(macros({ ...clang(17), _GLIBCXX_RELEASE: 9 })), {
    accepted: false,
    tooOld: true,
    reason: "its standard library (libstdc++ 9) is older than 11",
  });
});

test("versions are compared number by number, and a missing part is 0", () => {
  assert.equal(acceptFrom("3.9", "3.18").accepted, false);
  assert.equal(acceptFrom("3.18", "3.18").accepted, true);
  assert.equal(acceptFrom("4", "3.18").accepted, true);
  assert.equal(acceptFrom("3", "3.18").accepted, false);
});
