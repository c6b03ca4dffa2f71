import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { build } from "../../src/build/build.ts";
import { currentArtifact } from "../../src/build/current-artifact.ts";
import type { Diagnostic } from "../../src/core/diagnostic.ts";
import { type ErrorCode, UdfError } from "../../src/core/error.ts";
import type { Module } from "../../src/core/module.ts";
import { loadModule } from "../../src/module/load-module.ts";
import { pathOfLinks } from "../support/path-of-links.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { buildElsewhere } from "./build-elsewhere.ts";
import { makeSmallModule } from "./small-module.ts";

const folder = realpathSync(temporaryFolder("failures"));

/** One module for the failures: built once, then broken and mended again by each test. */
const module = makeSmallModule(path.join(folder, "small"));
const cmakeLists = readFileSync(path.join(module.root, "CMakeLists.txt"), "utf8");
const doors = readFileSync(path.join(module.root, "src", "small.cpp"), "utf8");
const built = await build(module);

/** What is wrong, and the one line that the user reads. */
async function failure(files: Record<string, string>, of: Module = module): Promise<UdfError> {
  makeSmallModule(of.root, files);
  const before = readdirSync(of.artifacts).sort();
  try {
    await build(of);
  } catch (error) {
    assert.ok(error instanceof UdfError, String(error));
    assert.ok(!error.message.includes("\n"), "the message is one line");
    assert.deepEqual(
      readdirSync(of.artifacts).sort(),
      before,
      "what was built before is still there, and nothing else",
    );
    assert.equal(currentArtifact(of, "release")?.manifest.sha256, built.manifest.sha256);
    return error;
  } finally {
    for (const name of Object.keys(files)) rmSync(path.join(of.root, name));
    makeSmallModule(of.root);
  }
  assert.fail("the build did not fail");
}

const cases: { title: string; files: Record<string, string>; code: ErrorCode; message: string | RegExp }[] = [
  {
    title: "C++ that does not compile is told with file, line and column",
    files: { "src/answer.cpp": "int answer() {\n  return forty_two;\n}\n" },
    code: "COMPILE_FAILED",
    message: /^src\/answer\.cpp:2:10: 'forty_two' was not declared in this scope\. Correct it, then build again\.$/,
  },
  {
    title: "several errors are told as the first one and their number",
    files: { "src/answer.cpp": "int answer() {\n  one();\n  return two;\n}\n" },
    code: "COMPILE_FAILED",
    message: /^src\/answer\.cpp:2:3: 'one' was not declared in this scope \(and 1 more\)\./,
  },
  {
    title: "a template error is told at the author's line",
    files: {
      "src/answer.cpp":
        "#include <algorithm>\n#include <list>\nint answer() {\n  std::list<int> all{2, 1};\n  std::sort(all.begin(), all.end());\n  return 1;\n}\n",
    },
    code: "COMPILE_FAILED",
    message: /^src\/answer\.cpp:5:12: no match for 'operator-'/,
  },
  {
    title: "an error in a header is told there, and once for all that include it",
    files: {
      "src/answer.h": "#pragma once\nint answer();\nStrin name;\n",
    },
    code: "COMPILE_FAILED",
    message: /^src\/answer\.h:3:1: 'Strin' does not name a type\. Correct it/,
  },
  {
    title: "an include of a missing file is told at the include",
    files: { "src/answer.cpp": '#include "no_such.h"\nint answer() { return 1; }\n' },
    code: "COMPILE_FAILED",
    message: /^src\/answer\.cpp:1:10: no_such\.h: No such file or directory\./,
  },
  {
    title: "a function without a definition is told at its call",
    files: { "src/answer.cpp": "int missing();\nint answer() {\n  return missing();\n}\n" },
    code: "LINK_FAILED",
    message: /^src\/answer\.cpp:3: undefined reference to 'missing\(\)'\. Correct it, then build again\.$/,
  },
  {
    title: "a library that is not there is told",
    files: { "CMakeLists.txt": `${cmakeLists}target_link_libraries(small PRIVATE no_such_library)\n` },
    code: "LINK_FAILED",
    message: /^cannot find -lno_such_library: No such file or directory\./,
  },
  {
    title: "an archive that is not there is told",
    files: { "CMakeLists.txt": `${cmakeLists}target_link_libraries(small PRIVATE \${CMAKE_SOURCE_DIR}/lib/libno.a)\n` },
    code: "CONFIGURE_FAILED",
    message: /^the build needs lib\/libno\.a, which is missing\./,
  },
  {
    title: "an error in CMakeLists.txt is told at its line",
    files: { "CMakeLists.txt": `${cmakeLists}no_such_command()\n` },
    code: "CONFIGURE_FAILED",
    message: /^CMakeLists\.txt:9: Unknown CMake command "no_such_command"\. Correct it/,
  },
  {
    title: "an option that the compiler does not know is told",
    files: { "CMakeLists.txt": `${cmakeLists}target_compile_options(small PRIVATE -fno-such-option)\n` },
    code: "COMPILE_FAILED",
    message: /^unrecognized command-line option '-fno-such-option'/,
  },
  {
    title: "an object that searches a path of this machine is refused",
    files: { "CMakeLists.txt": `${cmakeLists}target_link_options(small PRIVATE -Wl,-rpath,/somewhere/lib)\n` },
    code: "AUDIT_FAILED",
    message: /the object searches \/somewhere\/lib for libraries/,
  },
  {
    title: "an object that exports more than its doors is refused",
    files: {
      "src/answer.cpp":
        '__attribute__((visibility("default"))) int leaked() { return 1; }\nint answer() { return 1; }\n',
    },
    code: "AUDIT_FAILED",
    message: /the object exports _Z6leakedv, which is no door/,
  },
  {
    title: "an object without a door is refused",
    files: { "src/small.cpp": doors.replace("PyInit_small", "PyInit_other") },
    code: "AUDIT_FAILED",
    message: /the object has no cpython door for small/,
  },
  {
    title: "an object that crashes when it is loaded is refused",
    files: {
      "src/answer.cpp": "#include <cstdlib>\nstatic int boom = (std::abort(), 1);\nint answer() { return boom; }\n",
    },
    code: "ARTIFACT_MISMATCH",
    message: /^native-udf\.json:1: the built object cannot be loaded: its code died of SIGABRT/,
  },
  {
    title: "an object that does not describe itself is refused",
    files: { "src/small.cpp": doors.replace('"functions":[]', '"functions":1') },
    code: "ARTIFACT_MISMATCH",
    message: /^native-udf\.json:1: the built object does not describe itself as expected/,
  },
  {
    title: "an object that cannot be loaded is told at the line that registers its functions",
    files: {
      "src/answer.cpp":
        "#include <cstdlib>\n#define UDF_MODULE(name, m) int answer() { return boom; }\nstatic int boom = (std::_Exit(3), 1);\nUDF_MODULE(small, m)\n",
    },
    code: "ARTIFACT_MISMATCH",
    message: /^src\/answer\.cpp:4: the built object cannot be loaded: its code ended the process with exit code 3\./,
  },
];

for (const { title, files, code, message } of cases) {
  test(title, async () => {
    const error = await failure(files);
    assert.equal(error.code, code);
    assert.match(error.message, message instanceof RegExp ? message : new RegExp(message));
  });
}

test("after all that, the module builds to the same artifact", async () => {
  assert.equal((await build(module)).manifest.sha256, built.manifest.sha256);
});

test("diagnostics of a failed build hold each error with its place", async () => {
  const { diagnostics, details } = await failure({ "src/answer.cpp": "int answer() {\n  one();\n  return two;\n}\n" });
  assert.deepEqual(
    diagnostics.map(({ severity, location }) => [severity, location?.file, location?.line, location?.column]),
    [
      ["error", "src/answer.cpp", 2, 3],
      ["error", "src/answer.cpp", 3, 10],
    ],
  );
  assert.match(details ?? "", /FAILED: /);
});

test("warnings do not fail a build and are given with it", async () => {
  makeSmallModule(module.root, { "src/answer.cpp": "int answer() {\n  int unused;\n  return 42;\n}\n" });
  const { warnings } = await build(module);
  assert.deepEqual(
    warnings.map(({ code, location }) => [code, location?.file, location?.line]),
    [["-Wunused-variable", "src/answer.cpp", 2]],
  );
  makeSmallModule(module.root);
  await build(module);
});

test("warnings are told again by each build until their file is built without them, also where nothing was to do", async () => {
  const warned = (of: readonly Diagnostic[]) => of.map(({ location }) => `${location?.file}:${location?.line}`);
  const unused = "int answer() {\n  int unused;\n  return 42;\n}\n";
  const twoFiles = { "src/answer.cpp": unused, "src/small.cpp": `static int idle() { return 1; }\n${doors}` };
  makeSmallModule(module.root, twoFiles);
  const both = ["src/answer.cpp:2", "src/small.cpp:1"];
  assert.deepEqual(warned((await build(module)).warnings).sort(), both);
  const again = await build(module);
  assert.equal(again.upToDate, true);
  assert.deepEqual(warned(again.warnings).sort(), both);

  // one of them fails: what is known of the other one is told with it
  makeSmallModule(module.root, { ...twoFiles, "src/small.cpp": `int broken = nothing;\n${doors}` });
  await assert.rejects(build(module), (error) => {
    assert.ok(error instanceof UdfError);
    assert.deepEqual(warned(error.diagnostics).sort(), both); // the compiler may end them in any order
    return error.message.includes("nothing");
  });

  makeSmallModule(module.root, { "src/answer.cpp": unused });
  assert.deepEqual(warned((await build(module)).warnings), ["src/answer.cpp:2"]);
  makeSmallModule(module.root);
  assert.deepEqual((await build(module)).warnings, []);
});

test("a broken package.json or CMakeLists.txt is told before anything runs", async () => {
  const other = makeSmallModule(path.join(folder, "unfinished"), { "package.json": "{}" });
  await assert.rejects(build(other), /package\.json: it does not say which Node-API version .* Add "binary"/);
  makeSmallModule(other.root);
  rmSync(path.join(other.root, "CMakeLists.txt"));
  await assert.rejects(build(other), /CMakeLists\.txt: the file is missing\. Take it from a new module/);
});

test("a native-udf.json that is missing, no JSON or wrong is told with its path", () => {
  const place = path.join(folder, "described");
  mkdirSync(place, { recursive: true });
  const file = path.join(place, "native-udf.json");
  const refuses = (code: ErrorCode, message: RegExp) =>
    assert.throws(
      () => loadModule(place),
      (error) => error instanceof UdfError && error.code === code && message.test(error.message),
    );
  refuses("MODULE_NOT_FOUND", /there is no native-udf\.json here or in a folder above/);
  for (const [text, message] of [
    ["{", /native-udf\.json: it is not valid JSON/],
    ["[]", /native-udf\.json: .*expected object/],
    ["{}", /native-udf\.json: .*name/],
    ['{"name":"Big-Name"}', /native-udf\.json: must begin with a lower-case letter/],
    ['{"name":"small","nmae":1}', /native-udf\.json: Unrecognized key: "nmae"/],
  ] as const) {
    writeFileSync(file, text);
    refuses("MODULE_INVALID", message);
  }
});

test("a machine without compiler, cmake or objcopy is told what to install, and nothing is written", async () => {
  for (const [programs, missing] of [
    [["cmake", "ninja", "objcopy"], /no C\+\+ compiler/],
    [["c++", "ninja", "objcopy", "as", "ld"], /no cmake/],
    [["c++", "cmake", "ninja", "as", "ld"], /no objcopy/],
    [["c++", "cmake", "objcopy", "as", "ld"], /no ninja/],
  ] as const) {
    const bare = makeSmallModule(path.join(folder, "bare"));
    const { code, message = "" } = await buildElsewhere(bare.root, { PATH: pathOfLinks(folder, programs) });
    assert.equal(code, "TOOL_MISSING");
    assert.match(message, missing);
    assert.match(message, /nstall/);
    assert.deepEqual(readdirSync(bare.state), []);
  }
});

test("a full disk is told", async (t) => {
  const disk = path.join(folder, "disk");
  mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "tmpfs", disk], { stdio: "ignore" });
  } catch {
    return t.skip("only where a small disk can be mounted");
  }
  after(() => execFileSync("umount", [disk]));
  const root = path.join(disk, "small");
  await build(makeSmallModule(root));
  const { blocks, bfree, bsize } = statfsSync(disk);
  const needed = (blocks - bfree) * bsize;
  // full while cmake configures, while it compiles, and while the artifact is written
  for (const share of [0.2, 0.7, 0.95]) {
    rmSync(root, { recursive: true, force: true });
    execFileSync("mount", ["-o", `remount,size=${Math.floor((needed * share) / bsize) * bsize}`, disk]);
    const error = await buildElsewhere(makeSmallModule(root).root, {});
    assert.equal(error.code, "DISK_FULL", `${share}: ${error.message}`);
  }
});
