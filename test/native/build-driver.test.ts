import assert from "node:assert/strict";
import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { type BuildOptions, build } from "../../src/build/build.ts";
import { buildFolder } from "../../src/build/build-folder.ts";
import { currentArtifact } from "../../src/build/current-artifact.ts";
import { UdfError } from "../../src/core/error.ts";
import type { Module } from "../../src/core/module.ts";
import { loadModule } from "../../src/module/load-module.ts";
import { pathOfLinks } from "../support/path-of-links.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { buildElsewhere } from "./build-elsewhere.ts";
import { makeSmallModule } from "./small-module.ts";

const folder = temporaryFolder("build");
let count = 0;
const freshModule = (files: Record<string, string> = {}) => {
  count++;
  return makeSmallModule(path.join(folder, `small-${count}`), files);
};
const edit = (module: Module, file: string, text: string) => appendFileSync(path.join(module.root, file), text);

/** The build's steps, with what it gave. */
async function watched(module: Module, options: BuildOptions = {}) {
  const steps: string[] = [];
  const result = await build(module, { ...options, onProgress: ({ step }) => steps.push(step) });
  return { ...result, steps };
}

test("a second build does nothing; an edited README does not change that", async () => {
  const module = freshModule();
  const first = await watched(module);
  assert.equal(first.upToDate, false);
  assert.ok(first.steps.length > 0);
  const second = await watched(module);
  assert.deepEqual([second.upToDate, second.steps, second.manifest], [true, [], first.manifest]);
  edit(module, "README.md", "more\n");
  assert.equal((await build(module)).upToDate, true);
});

test("only what an edit touches is compiled again", async () => {
  const module = freshModule();
  await build(module);
  edit(module, "src/answer.cpp", "// a comment\n");
  const { upToDate, steps } = await watched(module);
  assert.equal(upToDate, false);
  assert.deepEqual(steps, ["Building CXX object src/answer.cpp.o", "Linking CXX shared module small.udf.so"]);
});

test("an edited header of the module is built in", async () => {
  const module = freshModule({
    "src/answer.cpp": '#include "value.h"\nint answer() { return VALUE; }\n',
    "src/value.h": "#define VALUE 1\n",
  });
  const first = await build(module);
  writeFileSync(path.join(module.root, "src", "value.h"), "#define VALUE 2\n");
  const second = await build(module);
  assert.equal(second.upToDate, false);
  assert.notEqual(second.manifest.sha256, first.manifest.sha256);
});

test("an edited header outside of the module's folder is built in", async () => {
  const header = path.join(folder, "outside.h");
  writeFileSync(header, "#define VALUE 1\n");
  const module = freshModule({ "src/answer.cpp": '#include "../../outside.h"\nint answer() { return VALUE; }\n' });
  const first = await build(module);
  assert.equal((await build(module)).upToDate, true);
  writeFileSync(header, "#define VALUE 2\n");
  assert.notEqual((await build(module)).manifest.sha256, first.manifest.sha256);
});

test("a source that was changed and changed back is built to what it says", async () => {
  const module = freshModule();
  const source = path.join(module.root, "src", "answer.cpp");
  const text = readFileSync(source, "utf8");
  const first = await build(module);
  writeFileSync(source, text.replace("42", "43"));
  await build(module);
  writeFileSync(source, text);
  assert.equal((await build(module)).manifest.sha256, first.manifest.sha256);
});

test("a new source that CMakeLists.txt names is built in", async () => {
  const module = freshModule();
  await build(module);
  writeFileSync(path.join(module.root, "src", "more.cpp"), "int more() { return 1; }\n");
  edit(module, "CMakeLists.txt", "target_sources(small PRIVATE src/more.cpp)\n");
  assert.ok((await watched(module)).steps.includes("Building CXX object src/more.cpp.o"));
});

test("an artifact that was deleted or changed is made again, with the same bytes", async () => {
  const module = freshModule();
  const first = await build(module);
  rmSync(first.artifactPath);
  assert.deepEqual((await build(module)).manifest, first.manifest);
  appendFileSync(first.artifactPath, "x");
  assert.equal(currentArtifact(module, "release"), undefined);
  assert.equal((await build(module)).upToDate, false);
  assert.equal(readFileSync(first.artifactPath).length, first.manifest.size);
});

test("damaged notes of the last build are no obstacle", async () => {
  const module = freshModule();
  const { manifestPath } = await build(module);
  for (const file of [manifestPath, path.join(module.state, "current-release.json")]) {
    writeFileSync(file, '{"manifest":');
    assert.equal((await build(module)).upToDate, false);
    assert.equal((await build(module)).upToDate, true);
  }
});

test("a build folder that was damaged is configured anew", async () => {
  const module = freshModule();
  const first = await build(module);
  rmSync(path.join(buildFolder(module, "release"), "build.ninja"));
  edit(module, "src/answer.h", "// edited\n");
  assert.equal((await build(module)).manifest.sha256, first.manifest.sha256);
});

test("a compiler or package that has moved since is looked for again", async () => {
  const module = freshModule();
  await build(module);
  const cache = path.join(buildFolder(module, "release"), "CMakeCache.txt");
  const text = readFileSync(cache, "utf8");
  for (const name of ["CMAKE_CXX_COMPILER", "CMAKE_COMMAND", "UDF_NODE_API_HEADERS"]) {
    writeFileSync(cache, text.replace(new RegExp(`^(${name}:\\w+=).*$`, "m"), "$1/no/such/place"));
    edit(module, "src/answer.cpp", "// edited\n");
    assert.equal((await build(module)).upToDate, false);
  }
});

test("a copy of a module, with what was built, is up to date, and builds without touching the first one", async () => {
  const module = freshModule();
  const first = await build(module);
  const root = `${module.root}-copy`;
  cpSync(module.root, root, { recursive: true });
  const copy = loadModule(root);
  assert.equal((await build(copy)).upToDate, true);
  const before = snapshot(module);
  edit(copy, "src/answer.cpp", "int unused_answer() { return 1; }\n");
  const second = await watched(copy);
  assert.ok(second.artifactPath.startsWith(root));
  assert.deepEqual(snapshot(module), before);
  assert.equal((await build(module)).manifest.sha256, first.manifest.sha256);
});

test("the same sources in two folders give the same bytes", async () => {
  const [one, two] = [freshModule(), freshModule()];
  assert.equal((await build(one)).manifest.sha256, (await build(two)).manifest.sha256);
});

test("release and debug are built beside each other, and each keeps its current artifact", async () => {
  const module = freshModule();
  const release = await build(module);
  const debug = await build(module, { mode: "debug" });
  assert.equal(debug.manifest.mode, "debug");
  assert.notEqual(debug.manifest.sha256, release.manifest.sha256);
  assert.equal((await build(module)).manifest.sha256, release.manifest.sha256);
  assert.equal((await build(module, { mode: "debug" })).upToDate, true);
});

test("old artifacts are removed, but five stay, and the current one of the other mode among them", async () => {
  const module = freshModule();
  const debug = await build(module, { mode: "debug" });
  const source = path.join(module.root, "src", "answer.cpp");
  for (let value = 0; value < 7; value++) {
    // coarse clocks must not make two builds equally old
    utimesSync(debug.manifestPath, new Date(0), new Date(0));
    writeFileSync(source, `#include "answer.h"\nint answer() { return ${value}; }\n`);
    await build(module);
  }
  const names = readdirSync(module.artifacts);
  assert.equal(names.filter((name) => name.endsWith(".udf.so")).length, 5);
  assert.ok(names.includes(debug.manifest.file));
  assert.equal(names.length, 15);
});

test("a machine that has make and no ninja, and a compiler called c++ only, builds the same", async () => {
  const module = freshModule();
  const PATH = pathOfLinks(folder, ["c++", "cmake", "make", "objcopy", "as", "ld", "sh", "uname"]);
  const first = await buildElsewhere(module.root, { PATH });
  assert.ok(first.steps.includes("Building CXX object src/answer.cpp.o"), first.message);
  assert.deepEqual((await buildElsewhere(module.root, { PATH })).steps, []);
  assert.equal(first.sha256, (await build(freshModule())).manifest.sha256);
  writeFileSync(path.join(module.root, "src", "answer.cpp"), "int answer() { return two; }\n");
  const { message } = await buildElsewhere(module.root, { PATH });
  assert.match(message ?? "", /^src\/answer\.cpp:1:23: 'two' was not declared in this scope/);
});

test("a module builds in a folder whose name has spaces, a dollar, parentheses and an umlaut", async () => {
  const module = makeSmallModule(path.join(folder, "a folder", "mö $x (1)"));
  const first = await build(module);
  assert.equal((await build(module)).upToDate, true);
  assert.equal(first.manifest.sha256, (await build(freshModule())).manifest.sha256);
  writeFileSync(path.join(module.root, "src", "answer.cpp"), "int two();\nint answer() { return two(); }\n");
  await assert.rejects(build(module), /^UdfError: src\/answer\.cpp:2: undefined reference to 'two\(\)'/);
});

test("a build that makes no artifact of the module's name says what to change", async () => {
  const module = freshModule({ "native-udf.json": JSON.stringify({ name: "smaller" }) });
  await assert.rejects(build(module), (error) => {
    assert.ok(error instanceof UdfError);
    assert.equal(error.code, "CONFIGURE_FAILED");
    assert.match(error.message, /the build made no smaller\.udf\.so\. Give udf_add_module the name/);
    return true;
  });
});

/** Content of all files of a module, build folder and artifacts included. */
function snapshot(module: Module): Record<string, string> {
  const files = readdirSync(module.root, { recursive: true, withFileTypes: true, encoding: "utf8" });
  return Object.fromEntries(
    files
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [file, readFileSync(file, "latin1")]),
  );
}
