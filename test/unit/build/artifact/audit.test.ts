import assert from "node:assert/strict";
import { test } from "node:test";
import { audit, compareVersions, doorsOf, glibcFloor } from "../../../../src/build/artifact/audit.ts";
import type { ElfReport } from "../../../../src/build/artifact/elf.ts";

const clean: ElfReport = {
  arch: "x64",
  needed: ["libm.so.6", "libc.so.6", "ld-linux-x86-64.so.2"],
  runPaths: [],
  versions: [
    { library: "libc.so.6", version: "GLIBC_2.2.5", symbols: ["memcpy"] },
    { library: "libc.so.6", version: "GLIBC_2.17", symbols: ["clock_gettime"] },
  ],
  exports: ["PyInit_flights", "napi_register_module_v1", "node_api_module_get_api_version_v1"],
  unversioned: [
    { name: "napi_create_object", weak: true },
    { name: "_Py_NoneStruct", weak: true },
    { name: "__cxa_finalize", weak: true },
  ],
  buildId: "00",
};
const codes = (change: Partial<ElfReport>, name = "flights") =>
  audit({ ...clean, ...change }, name).map(({ severity, code }) => `${severity} ${code}`);

test("an object that needs only glibc and exports only the doors has no findings", () => {
  assert.deepEqual(codes({}), []);
});

test("a library that not every system has is an error that names it", () => {
  for (const library of [
    "libz.so.1",
    "libcurl.so.4",
    "libstdc++.so.6",
    "libgcc_s.so.1",
    "libcrypt.so.1",
    "libmine.so",
  ]) {
    const found = audit({ ...clean, needed: [...clean.needed, library] }, "flights");
    assert.deepEqual(
      found.map(({ severity, code }) => `${severity} ${code}`),
      ["error UDF_NEEDED"],
    );
    assert.ok(found[0]?.message.includes(library));
  }
});

test("a search path inside the object is an error, also one that is relative to the object", () => {
  assert.deepEqual(codes({ runPaths: ["/opt/lib"] }), ["error UDF_RUNPATH"]);
  assert.deepEqual(codes({ runPaths: ["$ORIGIN"] }), ["error UDF_RUNPATH"]);
});

test("a symbol that nothing defines is an error, unless it is weak or the host's", () => {
  assert.deepEqual(codes({ unversioned: [{ name: "missing", weak: false }] }), ["error UDF_UNDEFINED"]);
  assert.deepEqual(codes({ unversioned: [{ name: "PyLong_FromLong", weak: false }] }), []);
});

test("a missing door is an error that names the module", () => {
  assert.deepEqual(codes({}, "other"), ["error UDF_DOORS", "error UDF_EXPORTS"]);
  assert.deepEqual(codes({ exports: ["napi_register_module_v1"] }), ["error UDF_DOORS"]);
  assert.match(
    audit({ ...clean, exports: [] }, "flights")[0]?.message ?? "",
    /no node-api and no cpython door for flights/,
  );
});

test("an export that is no door is an error that names it", () => {
  const [found] = audit({ ...clean, exports: [...clean.exports, "_ZSt4cout"] }, "flights");
  assert.equal(found?.code, "UDF_EXPORTS");
  assert.match(found?.message ?? "", /exports _ZSt4cout, which is no door/);
});

test("a newer glibc than the floor is a warning that names the symbols that need it", () => {
  const versions = [...clean.versions, { library: "libm.so.6", version: "GLIBC_2.29", symbols: ["exp", "pow"] }];
  const [found] = audit({ ...clean, versions }, "flights");
  assert.equal(found?.severity, "warning");
  assert.match(found?.message ?? "", /needs glibc 2\.29, newer than 2\.17, for exp, pow \(GLIBC_2\.29\)/);
  assert.equal(glibcFloor({ ...clean, versions }), "2.29");
});

test("the floor is the newest version by number, and none where nothing is asked of glibc", () => {
  assert.equal(glibcFloor(clean), "2.17");
  assert.equal(glibcFloor({ ...clean, versions: [] }), null);
  const other = [{ library: "libc.so.6", version: "GLIBC_PRIVATE", symbols: ["__secret"] }];
  assert.equal(glibcFloor({ ...clean, versions: other }), null);
});

test("a private symbol of glibc, which the next release may drop, is an error", () => {
  const versions = [...clean.versions, { library: "libc.so.6", version: "GLIBC_PRIVATE", symbols: ["__secret"] }];
  assert.deepEqual(codes({ versions }), ["error UDF_GLIBC_PRIVATE"]);
});

test("versions are ordered by number", () => {
  assert.deepEqual(["2.17", "2.9", "2.2.5", "2.10", "3"].sort(compareVersions), ["2.2.5", "2.9", "2.10", "2.17", "3"]);
});

test("the doors are told by what the object exports", () => {
  assert.deepEqual(doorsOf(clean, "flights"), ["node-api", "cpython"]);
  assert.deepEqual(doorsOf(clean, "other"), ["node-api"]);
});
