import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { compareVersions } from "../../src/build/artifact/audit.ts";
import { build } from "../../src/build/build.ts";
import { buildFolder } from "../../src/build/build-folder.ts";
import { currentArtifact } from "../../src/build/current-artifact.ts";
import { type ErrorCode, UdfError } from "../../src/core/error.ts";
import { manifestSchema } from "../../src/core/manifest.ts";
import { scaffold } from "../../src/scaffold/scaffold.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/*
 * What a module made from the template promises of its artifact, read from the bytes by binutils, not by this project.
 */

const folder = realpathSync(temporaryFolder("artifact"));
const { module } = await scaffold({ folder: path.join(folder, "flights"), template: "flights" });
const built = await build(module);
const { manifest, artifactPath } = built;
const debugPath = path.join(module.artifacts, manifest.debugFile);

const run = (command: string, args: readonly string[]) =>
  execFileSync(command, args, { encoding: "utf8", env: { ...process.env, LC_ALL: "C" }, maxBuffer: 1 << 28 });
const dynamic = run("readelf", ["-W", "-d", artifactPath]);
const needed = [...dynamic.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map((match) => match[1] ?? "");
const symbols = run("readelf", ["-W", "--dyn-syms", artifactPath]).split("\n");
const buildIdOf = (file: string) => /Build ID: ([0-9a-f]+)/.exec(run("readelf", ["-W", "-n", file]))?.[1];
const sectionsOf = (file: string) => run("readelf", ["-W", "-S", file]);

test("a module from the template builds without warnings", () => {
  assert.deepEqual(built.warnings, []);
});

test("the artifact exports exactly its doors", () => {
  const exported = symbols
    .filter((line) => /\b(?:GLOBAL|WEAK|UNIQUE)\b/.test(line) && !/\bUND\b/.test(line))
    .flatMap((line) => /(\S+)$/.exec(line.replace(/@.*$/, ""))?.[1] ?? [])
    .sort();
  assert.deepEqual(exported, [
    `PyInit_${module.name}`,
    "napi_register_module_v1",
    "node_api_module_get_api_version_v1",
    "udf_call_arrow",
    "udf_configure",
    "udf_describe",
    "udf_error_frames",
    "udf_prepare",
    "udf_watch",
  ]);
  assert.deepEqual(manifest.doors, ["node-api", "cpython", "arrow-c"]);
});

test("the artifact needs only glibc, and no search path", () => {
  assert.ok(needed.every((library) => /^(?:lib(?:c|m|dl|pthread|rt)\.so\.\d|ld-linux-.*)$/.test(library)));
  assert.doesNotMatch(dynamic, /RPATH|RUNPATH/);
  assert.deepEqual(manifest.needed, needed);
});

test("what the artifact takes from its host is weak, so that one host does not need the other's", () => {
  const hosts = symbols.filter((line) => /\bUND (?:napi_|node_api_|_?Py)/.test(line));
  assert.ok(hosts.some((line) => line.includes("napi_")) && hosts.some((line) => line.includes("Py")));
  assert.deepEqual(
    hosts.filter((line) => !/\bWEAK\b/.test(line)),
    [],
  );
});

test("the artifact runs on glibc 2.17, and the manifest says what it needs", { skip: process.arch !== "x64" }, () => {
  const versions = [...run("objdump", ["-T", artifactPath]).matchAll(/GLIBC_(\d[\d.]*)/g)].map(
    (match) => match[1] ?? "",
  );
  const floor = versions.sort(compareVersions).at(-1) ?? "";
  assert.equal(manifest.glibcFloor, floor);
  assert.ok(compareVersions(floor, "2.17") <= 0, `it needs glibc ${floor}`);
});

test("the debug info is beside the artifact and not in it", () => {
  assert.match(sectionsOf(debugPath), /\.debug_info/);
  assert.doesNotMatch(sectionsOf(artifactPath), /\.debug_|\.symtab/);
  assert.equal(buildIdOf(debugPath), buildIdOf(artifactPath));
  const linked = path.join(buildFolder(module, "release"), `${module.name}.udf.so`);
  assert.ok(statSync(artifactPath).size < statSync(linked).size / 2, "less than half of what was linked");
});

test("the debug info leads from an address to the author's line", () => {
  const address = /^([0-9a-f]+) \w haversine_km\(/m.exec(run("nm", ["-C", debugPath]))?.[1];
  assert.ok(address, "haversine_km is in the debug file");
  assert.match(run("addr2line", ["-e", debugPath, address]), /^(?:\.\/)?(?:build\/\.\/)?src\/haversine\.cpp:\d+/);
});

test("the manifest says what the artifact's bytes say", () => {
  const bytes = readFileSync(artifactPath);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  assert.deepEqual(
    [manifest.sha256, manifest.hash, manifest.size, manifest.buildId],
    [sha256, sha256.slice(0, 12), bytes.length, buildIdOf(artifactPath)],
  );
  assert.equal(path.basename(artifactPath), `${module.name}-${sha256.slice(0, 12)}.udf.so`);
  assert.equal(path.basename(built.manifestPath), `${module.name}-${sha256.slice(0, 12)}.json`);
  assert.deepEqual(manifest.platform, { os: process.platform, arch: process.arch });
  assert.deepEqual(manifestSchema.parse(JSON.parse(readFileSync(built.manifestPath, "utf8"))), manifest);
});

test("the manifest names the functions as the module registers them", () => {
  const source = readFileSync(path.join(module.root, "src", `${module.name}.cpp`), "utf8");
  const registered = [...source.matchAll(/\.row<[^>]*>\(\s*"(\w+)"/g)].map((match) => match[1]);
  assert.deepEqual(
    manifest.functions.map(({ name }) => name),
    registered,
  );
});

test("the same module in another folder, with a longer name, gives the same bytes, which hold no path", async () => {
  const place = path.join(folder, "a-folder-with-another-and-a-longer-name", "flights");
  const other = await build((await scaffold({ folder: place, template: "flights" })).module);
  assert.equal(other.manifest.sha256, manifest.sha256);
  for (const file of [artifactPath, debugPath]) assert.ok(!readFileSync(file, "latin1").includes(folder), file);
});

test("a debug build has the same doors, and is not the release build", async () => {
  const debug = await build(module, { mode: "debug" });
  assert.deepEqual(debug.manifest.doors, manifest.doors);
  assert.notEqual(debug.manifest.sha256, manifest.sha256);
  assert.deepEqual(debug.manifest.functions, manifest.functions);
});

const head = "#include <udf/udf.h>\nusing namespace udf::literals;\n\n";
const mistakes: { title: string; source: string; message: RegExp; code?: ErrorCode }[] = [
  {
    title: "an argument that is a struct without UDF_STRUCT",
    source: `${head}struct Pixel {};\ndouble bright(Pixel) { return 0; }\nUDF_MODULE(flights, m) {\n  m.row<bright>("bright", "pixel"_a);\n}\n`,
    message: /^src\/flights\.cpp:7:\d+: .*write UDF_STRUCT\(Struct, field\) beside the struct of an argument/,
  },
  {
    title: "an argument without a name",
    source: `${head}double half(double x) { return x / 2; }\nUDF_MODULE(flights, m) {\n  m.row<half>("half");\n}\n`,
    message: /^src\/flights\.cpp:6:\d+: .*udf: name every argument/,
  },
  {
    title: "a module of another name",
    source: `${head}double half(double x) { return x / 2; }\nUDF_MODULE(other, m) {\n  m.row<half>("half", "x"_a);\n}\n`,
    message: /^src\/flights\.cpp:5:\d+: .*must name the same module/,
  },
  {
    title: "a field that the struct does not have",
    source: `${head}struct Pair { double a; };\nUDF_STRUCT(Pair, a, b)\nUDF_MODULE(flights, m) {}\n`,
    message: /^src\/flights\.cpp:5:\d+: .*'b'/,
  },
  {
    title: "a standard algorithm over the wrong container",
    source: `${head}#include <algorithm>\n#include <list>\ndouble sorted(double x) {\n  std::list<double> all{x};\n  std::sort(all.begin(), all.end());\n  return all.front();\n}\nUDF_MODULE(flights, m) {\n  m.row<sorted>("sorted", "x"_a);\n}\n`,
    message: /^src\/flights\.cpp:8:\d+: no match for 'operator-'/,
  },
  {
    title: "a function that is declared and nowhere defined",
    source: `${head}double nowhere(double x);\nUDF_MODULE(flights, m) {\n  m.row<nowhere>("nowhere", "x"_a);\n}\n`,
    message: /undefined reference to 'nowhere\(double\)'\. Correct it/,
    code: "LINK_FAILED",
  },
  {
    title: "a module without UDF_MODULE",
    source: `${head}double half(double x) { return x / 2; }\n`,
    message: /^no source has UDF_MODULE\(name, m\)/,
    code: "LINK_FAILED",
  },
];

for (const { title, source, message, code = "COMPILE_FAILED" } of mistakes) {
  test(`${title} is told in the author's words`, async () => {
    writeFileSync(path.join(module.root, "src", "flights.cpp"), source);
    await assert.rejects(build(module), (error) => {
      assert.ok(error instanceof UdfError);
      assert.match(error.message, message);
      assert.equal(error.code, code);
      return true;
    });
    assert.equal(currentArtifact(module, "release")?.manifest.sha256, manifest.sha256);
  });
}

test("a second UDF_MODULE is told at its line, with the first one related", async () => {
  const text = `${head}UDF_MODULE(flights, m) {}\n`;
  writeFileSync(path.join(module.root, "src", "flights.cpp"), text);
  writeFileSync(path.join(module.root, "src", "second.cpp"), text);
  await assert.rejects(build(module), (error) => {
    assert.ok(error instanceof UdfError);
    assert.equal(error.code, "LINK_FAILED");
    assert.match(error.message, /^src\/second\.cpp:\d+: UDF_MODULE stands in two places/);
    assert.equal(error.diagnostics.length, 1);
    assert.equal(error.diagnostics[0]?.related[0]?.location.file, "src/flights.cpp");
    return true;
  });
  rmSync(path.join(module.root, "src", "second.cpp"));
});
