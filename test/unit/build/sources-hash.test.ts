import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { sourceFiles, sourcesHash } from "../../../src/build/sources-hash.ts";
import type { Module } from "../../../src/core/module.ts";
import { loadModule } from "../../../src/module/load-module.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const folder = temporaryFolder("sources");
let count = 0;

function moduleOf(files: Record<string, string>): Module {
  count++;
  const root = path.join(folder, `m${count}`);
  for (const [name, text] of Object.entries({ "native-udf.json": '{"name":"m"}', ...files })) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return loadModule(root);
}

const base = { "CMakeLists.txt": "project(m)", "src/a.cpp": "int a;", "src/a.h": "int a;" };
const hashOf = (files: Record<string, string>) => sourcesHash(moduleOf(files), "release");
const same = hashOf(base);

test("the hash is of names and contents, not of the place", () => {
  assert.equal(hashOf(base), same);
});

test("what a build reads is in the hash: sources, headers, CMake files, linker maps, archives, package.json", () => {
  for (const file of ["src/a.cpp", "src/a.h", "CMakeLists.txt"])
    assert.notEqual(hashOf({ ...base, [file]: "x" }), same);
  for (const file of [
    "b.cc",
    "b.tcc",
    "b.ipp",
    "udf/x.cmake",
    "b.map",
    "lib/b.a",
    "CMakePresets.json",
    "package.json",
  ]) {
    assert.notEqual(hashOf({ ...base, [file]: "x" }), same, file);
  }
});

test("what a build does not read is not in the hash", () => {
  for (const file of [
    "README.md",
    "data/b.csv",
    "jobs/a.job.ts",
    "stubs/m.ts",
    "artifacts/x.o",
    "build/b.cpp",
    ".native-udf/b.cpp",
    "node_modules/b/b.h",
  ]) {
    assert.equal(hashOf({ ...base, [file]: "x" }), same, file);
  }
});

test("text that moves from one file to the next, and a file with another name, change the hash", () => {
  assert.notEqual(hashOf({ ...base, "src/a.cpp": "int ", "src/a.h": "a;int a;" }), same);
  const { "src/a.h": header, ...rest } = base;
  assert.notEqual(hashOf({ ...rest, "src/b.h": header }), same);
});

test("the mode is in the hash", () => {
  const module = moduleOf(base);
  assert.notEqual(sourcesHash(module, "debug"), sourcesHash(module, "release"));
});

test("links to folders are followed, once; links to nowhere are passed over", () => {
  const outside = moduleOf({ "shared/s.h": "int s;" });
  const module = moduleOf(base);
  symlinkSync(path.join(outside.root, "shared"), path.join(module.root, "shared"));
  symlinkSync(module.root, path.join(module.root, "src", "loop"));
  symlinkSync("/no/such/file.h", path.join(module.root, "src", "gone.h"));
  assert.deepEqual(
    sourceFiles(module.root).map((file) => path.relative(module.root, file)),
    ["CMakeLists.txt", "shared/s.h", "src/a.cpp", "src/a.h"],
  );
});
