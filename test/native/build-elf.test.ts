import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { audit } from "../../src/build/artifact/audit.ts";
import { type ElfReport, readElf } from "../../src/build/artifact/elf.ts";
import { UdfError } from "../../src/core/error.ts";

const folder = mkdtempSync(path.join(tmpdir(), "native-udf-elf-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (command: string, args: readonly string[]) =>
  execFileSync(command, args, { encoding: "utf8", env: { ...process.env, LC_ALL: "C" }, maxBuffer: 1 << 28 });

/** Links a C++ text into a shared object and gives its path. */
function link(name: string, text: string, options: readonly string[] = []): string {
  const source = path.join(folder, `${name}.cpp`);
  const object = path.join(folder, `${name}.so`);
  writeFileSync(source, text);
  run("c++", ["-std=c++20", "-O1", "-fPIC", "-shared", source, "-o", object, "-L", folder, ...options]);
  return object;
}

/** The same facts as `readElf`, from what binutils' readelf prints. */
function fromReadelf(object: string): Omit<ElfReport, "arch"> {
  const dynamic = run("readelf", ["-W", "-d", object]);
  const texts = (tags: string) =>
    [...dynamic.matchAll(new RegExp(`\\((?:${tags})\\)[^[]*\\[(.*)\\]`, "g"))].map((match) => match[1] ?? "");
  const symbols = [...run("readelf", ["-W", "--dyn-syms", object]).matchAll(symbolLine)].flatMap(({ groups }) =>
    groups ? [groups] : [],
  );
  const versions = new Map<string, ElfReport["versions"][number]>();
  for (const { file, body } of needsOf(run("readelf", ["-W", "-V", object]))) {
    for (const [, version = "", index = ""] of body.matchAll(/Name: (\S+)\s+Flags: .*?Version: (\d+)/g)) {
      versions.set(index, { library: file, version, symbols: [] });
    }
  }
  const exports: string[] = [];
  const unversioned: ElfReport["unversioned"] = [];
  for (const { name = "", version, index, place, binding = "", visibility = "" } of symbols) {
    if (place !== "UND" && /^(?:GLOBAL|WEAK|UNIQUE)$/.test(binding) && /^(?:DEFAULT|PROTECTED)$/.test(visibility)) {
      exports.push(name);
    } else if (place === "UND" && version) versions.get(index ?? "")?.symbols.push(name);
    else if (place === "UND" && binding !== "LOCAL") unversioned.push({ name, weak: binding === "WEAK" });
  }
  return {
    needed: texts("NEEDED"),
    runPaths: [...texts("RPATH"), ...texts("RUNPATH")],
    versions: [...versions.values()],
    exports: exports.sort(),
    unversioned,
    buildId: /Build ID: ([0-9a-f]+)/.exec(run("readelf", ["-W", "-n", object]))?.[1] ?? null,
  };
}

const symbolLine =
  /^\s*\d+: [0-9a-f]+\s+\S+ \w+\s+(?<binding>\w+)\s+(?<visibility>\w+)\s+(?<place>\w+) (?<name>[^\s@]+)(?:@{1,2}(?<version>\S+)(?: \((?<index>\d+)\))?)?$/gm;

function needsOf(text: string): { file: string; body: string }[] {
  return text
    .split(/Version: 1\s+File: /)
    .slice(1)
    .map((part) => ({ file: /^\S+/.exec(part)?.[0] ?? "", body: part }));
}

const read = (object: string) => readElf(readFileSync(object), object);
const helper = link("libudfhelper", "int helper() { return 1; }\n", ["-Wl,-soname,libudfhelper.so.1"]);
const strings = link(
  "strings",
  "#include <string>\n#include <vector>\n#include <stdexcept>\nstd::vector<std::string> all;\n" +
    'int add(const char* text) { if (!text) throw std::runtime_error("null"); all.emplace_back(text); return 1; }\n',
);
const kinds = {
  "with the C++ library linked dynamically": strings,
  "with the C++ library linked statically": link("statics", readFileSync(path.join(folder, "strings.cpp"), "utf8"), [
    "-static-libstdc++",
    "-static-libgcc",
  ]),
  "with search paths, another library and weak symbols": link(
    "paths",
    'int helper();\nextern "C" __attribute__((weak)) int napi_absent();\nint both() { return helper() + (napi_absent ? napi_absent() : 0); }\n',
    ["-ludfhelper", "-Wl,-rpath,/somewhere/lib:$ORIGIN"],
  ),
  "with an old-style search path": link("rpath", "int helper();\nint one() { return helper(); }\n", [
    "-ludfhelper",
    "-Wl,--disable-new-dtags,-rpath,/somewhere/old",
  ]),
  "with versioned symbols of its own": link(
    "versioned",
    'extern "C" int one() { return 1; }\nextern "C" int two() { return 2; }\nextern "C" __attribute__((visibility("protected"))) int three() { return 3; }\n',
    [`-Wl,--version-script=${versionScript()}`],
  ),
  "without a build id": link("anonymous", 'extern "C" int one() { return 1; }\n', ["-Wl,--build-id=none"]),
  "that has been stripped": stripped(),
};

function versionScript(): string {
  const file = path.join(folder, "versions.map");
  writeFileSync(file, "UDF_1 { global: one; three; local: *; };\nUDF_2 { global: two; } UDF_1;\n");
  return file;
}

function stripped(): string {
  const copy = path.join(folder, "stripped.so");
  run("objcopy", ["--strip-unneeded", strings, copy]);
  return copy;
}

for (const [kind, object] of Object.entries(kinds)) {
  test(`an object ${kind} reads as readelf reads it`, () => {
    const { arch: _, ...report } = read(object);
    const order = (versions: ElfReport["versions"]) =>
      versions
        .filter(({ library }) => library)
        .map((need) => JSON.stringify(need))
        .sort();
    const expected = fromReadelf(object);
    assert.deepEqual(
      { ...report, versions: order(report.versions) },
      { ...expected, versions: order(expected.versions) },
    );
  });
}

test("the machine is named as Node names it", () => {
  assert.equal(read(strings).arch, process.arch);
});

test("the audit refuses a needed library, a search path and leaked exports of a real object", () => {
  const codes = (object: string) => new Set(audit(read(object), "sample").map(({ code }) => code));
  const paths = codes(kinds["with search paths, another library and weak symbols"]);
  assert.ok(["UDF_NEEDED", "UDF_RUNPATH", "UDF_EXPORTS", "UDF_DOORS"].every((code) => paths.has(code)));
  const dynamic = audit(read(strings), "sample");
  assert.ok(dynamic.some(({ code, message }) => code === "UDF_NEEDED" && message.includes("libstdc++.so.6")));
});

test("the audit names the symbols of a real object that need a newer glibc, as objdump prints them", () => {
  const object = link("newer", '#include <math.h>\nextern "C" double value(double x) { return exp(x) + pow(x, x); }\n');
  const newer = run("objdump", ["-T", object])
    .split("\n")
    .flatMap((line) => /GLIBC_2\.(?:2[0-9]|3[0-9])\)?\s+(\S+)$/.exec(line)?.[1] ?? [])
    .sort();
  const found = audit(read(object), "sample").find(({ code }) => code === "UDF_GLIBC_FLOOR");
  assert.ok(newer.includes("exp"), "exp has a newer version on this system");
  for (const symbol of newer) assert.match(found?.message ?? "", new RegExp(`\\b${symbol}\\b`));
});

test("a program and an object file are refused", () => {
  const object = path.join(folder, "plain.o");
  run("c++", ["-c", path.join(folder, "newer.cpp"), "-o", object]);
  assert.throws(
    () => read(object),
    (error) => error instanceof UdfError && error.code === "ARTIFACT_MISMATCH",
  );
});

test("a real object that is cut off anywhere is refused", () => {
  const bytes = readFileSync(helper);
  for (let length = 0; length < bytes.length; length += 97) refusedOrRead(bytes.subarray(0, length), true);
});

test("a real object with changed bytes is read or refused, and never anything else", () => {
  const bytes = readFileSync(helper);
  const table = Number(bytes.readBigUInt64LE(40));
  const places = [...Array(64).keys(), ...Array.from({ length: bytes.length - table }, (_, index) => table + index)];
  for (const [index, place] of places.entries()) {
    const changed = Buffer.from(bytes);
    changed[place] = [0, 0xff, 0x80, 1][index % 4] ?? 0;
    refusedOrRead(changed, false);
  }
});

test("a list of versions that points at itself is refused", () => {
  const bytes = Buffer.from(readFileSync(strings));
  const [, offset = "", size = ""] =
    /\.gnu\.version_r\s+VERNEED\s+[0-9a-f]+ ([0-9a-f]+) ([0-9a-f]+)/.exec(run("readelf", ["-W", "-S", strings])) ?? [];
  const first = Number.parseInt(offset, 16);
  // entries one byte apart: the walk must end although each has a next one
  for (let at = first; at < first + Number.parseInt(size, 16); at += 16) bytes.writeUInt32LE(1, at + 12);
  refusedOrRead(bytes, true);
});

function refusedOrRead(bytes: Buffer, mustRefuse: boolean): void {
  try {
    readElf(bytes, "changed.so");
  } catch (error) {
    assert.ok(error instanceof UdfError, `not a UdfError: ${error}`);
    return;
  }
  assert.equal(mustRefuse, false, `${bytes.length} bytes were read`);
}
