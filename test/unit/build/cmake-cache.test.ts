import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { cCompilerOf } from "../../../src/build/c-compiler.ts";
import { buildCommand, isConfigured, ninjaOf } from "../../../src/build/cmake-cache.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const folder = temporaryFolder("cache");
const tool = path.join(folder, "tool");
writeFileSync(tool, "");

/** A build folder as cmake leaves it behind. */
function configured(name: string, generator: "Ninja" | "Unix Makefiles", compiler = tool): string {
  const place = path.join(folder, name);
  mkdirSync(place);
  writeFileSync(path.join(place, generator === "Ninja" ? "build.ninja" : "Makefile"), "");
  writeFileSync(
    path.join(place, "CMakeCache.txt"),
    `# This is the CMakeCache file.
//CXX compiler
CMAKE_CXX_COMPILER:STRING=${compiler}
CMAKE_COMMAND:INTERNAL=${tool}
CMAKE_GENERATOR:INTERNAL=${generator}
CMAKE_MAKE_PROGRAM:FILEPATH=${tool}
UDF_NODE_API_HEADERS:UNINITIALIZED=
`,
  );
  return place;
}

test("a folder that cmake has finished can be built in, by ninja directly and by make through cmake", () => {
  const ninja = configured("ninja", "Ninja");
  assert.equal(isConfigured(ninja), true);
  assert.deepEqual(buildCommand(ninja, 2), { command: tool, args: ["-C", ninja, "-j", "2"] });
  const make = configured("make", "Unix Makefiles");
  assert.equal(ninjaOf(make), undefined);
  assert.deepEqual(buildCommand(make, 2), { command: tool, args: ["--build", make, "--parallel", "2"] });
});

test("a folder is configured anew when its compiler has gone, when cmake did not finish, and when there is none", () => {
  assert.equal(isConfigured(configured("moved", "Ninja", path.join(folder, "gone"))), false);
  const unfinished = path.join(folder, "unfinished");
  mkdirSync(unfinished);
  writeFileSync(path.join(unfinished, "CMakeCache.txt"), "CMAKE_GENERATOR:INTERNAL=Ninja\n");
  assert.equal(isConfigured(unfinished), false);
  assert.equal(isConfigured(path.join(folder, "none")), false);
});

test("the C compiler is the sibling of the C++ compiler, where there is one", () => {
  const place = path.join(folder, "bin");
  mkdirSync(place);
  for (const name of ["gcc-12", "clang", "cc", "x86_64-linux-gnu-gcc"]) symlinkSync(tool, path.join(place, name));
  const of = (name: string) => path.relative(place, cCompilerOf(path.join(place, name)));
  assert.deepEqual(["g++-12", "clang++", "c++", "x86_64-linux-gnu-g++", "clang++-14", "icpx"].map(of), [
    "gcc-12",
    "clang",
    "cc",
    "x86_64-linux-gnu-gcc",
    "clang++-14",
    "icpx",
  ]);
});
