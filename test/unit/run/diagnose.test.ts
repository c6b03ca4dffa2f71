import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { authorFrames } from "../../../src/run/diagnose/author-frames.ts";
import { parseFrames } from "../../../src/run/diagnose/source-frames.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("what addr2line prints is read by address, with inlined functions, remarks and what it does not know", () => {
  const text = [
    "0x000000000000db6c",
    "deep",
    "build/./src/places.cpp:13 (discriminator 2)",
    "udf::detail::KernelOf<&(f(double))>::run()::{lambda()#1}::operator()() const",
    "build/./udf/include/udf/kernel.h:148",
    "0x0000000000000001",
    "??",
    "??:0",
    "0x000000000000b574",
    "std::__throw_out_of_range_fmt(char const*, ...) [clone .cold]",
    "functexcept.o:?",
    "",
  ].join("\n");
  assert.deepEqual(parseFrames(text), [
    [
      { function: "deep", file: "build/./src/places.cpp", line: 13 },
      {
        function: "udf::detail::KernelOf<&(f(double))>::run()::{lambda()#1}::operator()() const",
        file: "build/./udf/include/udf/kernel.h",
        line: 148,
      },
    ],
    [{ function: "", file: "", line: 0 }],
    [{ function: "std::__throw_out_of_range_fmt(char const*, ...) [clone .cold]", file: "functexcept.o", line: 0 }],
  ]);
});

test("of all frames, those in files of the author's stay, once each, with the module's paths", () => {
  const folder = temporaryFolder("frames");
  const root = path.join(folder, "module");
  const files = ["module/src/a.cpp", "module/src/größe.h", "module/udf/src/state.cpp", "beside/b.h"];
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), "");
  }
  const frame = (name: string, file: string, line: number) => ({ function: name, file, line });
  const frames = [
    [frame("wrap", "build/./udf/src/state.cpp", 3), frame("at", "/usr/include/c++/12/bits/stl_vector.h", 1194)],
    [frame("f", "build/./src/größe.h", 7), frame("f", "build/./src/größe.h", 6), frame("g", "./src/a.cpp", 9)],
    [frame("g", "./src/a.cpp", 9)],
    [frame("h", path.join(folder, "beside", "b.h"), 2), frame("i", path.join(folder, "beside", "gone.h"), 2)],
    [frame("j", "build/./src/gone.cpp", 4), frame("", "", 0), frame("k", "build/./src/a.cpp", 0)],
  ];
  assert.deepEqual(
    authorFrames(frames, root).map(({ function: name, file, line }) => [name, file, line]),
    [
      ["f", "src/größe.h", 7],
      ["g", "src/a.cpp", 9],
      ["h", path.join(folder, "beside", "b.h"), 2],
    ],
  );
});
