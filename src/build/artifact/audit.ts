import { readFileSync } from "node:fs";
import type { Diagnostic } from "../../core/diagnostic.ts";
import { type ElfReport, readElf } from "./elf.ts";

/** glibc of CentOS 7 and of manylinux2014: what the oldest clusters in use still run. */
export const oldestGlibc = "2.17";

/** What every Linux system with glibc has. Anything else must be linked statically. */
const allowedLibraries = /^(?:lib(?:c|m|dl|rt|pthread|util)\.so\.\d|ld-linux[\w.-]*\.so\.\d)$/;

const hostSymbols = /^(?:napi_|node_api_|_?Py)/;

/** Newest glibc version that the object asks for, such as `2.16`; null where it asks for none. */
export function glibcFloor(elf: ElfReport): string | null {
  const versions = elf.versions.flatMap(({ version }) => /^GLIBC_(\d[\d.]*)$/.exec(version)?.[1] ?? []);
  return versions.sort(compareVersions).at(-1) ?? null;
}

/** Orders dotted versions by number: 2.9 before 2.17. */
export function compareVersions(left: string, right: string): number {
  const a = left.split(".").map(Number);
  const b = right.split(".").map(Number);
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Names of the doors that the object has. */
export function doorsOf(elf: ElfReport, moduleName: string): string[] {
  const doors: [string, string][] = [
    ["node-api", "napi_register_module_v1"],
    ["cpython", `PyInit_${moduleName}`],
    ["arrow-c", "udf_call_arrow"],
  ];
  return doors.filter(([, symbol]) => elf.exports.includes(symbol)).map(([door]) => door);
}

/** The same for an object in a file. */
export function auditFile(file: string, module: string): Diagnostic[] {
  return audit(readElf(readFileSync(file), file), module);
}

/** What would keep the object from loading somewhere: errors refuse the build, warnings name the price. */
export function audit(elf: ElfReport, moduleName: string): Diagnostic[] {
  return [
    ...elf.needed
      .filter((library) => !allowedLibraries.test(library))
      .map((library) =>
        error("UDF_NEEDED", `the object needs ${library}, which other machines may not have; link it statically`),
      ),
    ...elf.runPaths.map((path) =>
      error("UDF_RUNPATH", `the object searches ${path} for libraries, but it travels alone; remove the rpath`),
    ),
    ...elf.unversioned
      .filter(({ name, weak }) => !weak && !hostSymbols.test(name))
      .map(({ name }) => error("UDF_UNDEFINED", `${name} is defined nowhere; add the source or library that has it`)),
    ...missingDoors(elf, moduleName),
    ...leaks(elf, moduleName),
    ...privateSymbols(elf),
    ...newerThanFloor(elf),
  ];
}

function missingDoors(elf: ElfReport, moduleName: string): Diagnostic[] {
  const missing = ["node-api", "cpython"].filter((door) => !doorsOf(elf, moduleName).includes(door));
  if (missing.length === 0) return [];
  const what = `the object has no ${missing.join(" and no ")} door for ${moduleName}`;
  return [error("UDF_DOORS", `${what}; UDF_MODULE must name the module as native-udf.json does`)];
}

function leaks(elf: ElfReport, moduleName: string): Diagnostic[] {
  const expected = /^(?:napi_register_module_v1|node_api_module_get_api_version_v1|udf_\w+)$/;
  const leaked = elf.exports.filter((name) => !expected.test(name) && name !== `PyInit_${moduleName}`);
  if (leaked.length === 0) return [];
  const names = leaked.slice(0, 3).join(", ");
  const what =
    leaked.length === 1 ? `${names}, which is no door` : `${leaked.length} symbols that are no doors (${names} …)`;
  return [error("UDF_EXPORTS", `the object exports ${what}; it must be linked by udf_add_module`)];
}

function privateSymbols(elf: ElfReport): Diagnostic[] {
  return elf.versions
    .filter(({ version }) => version === "GLIBC_PRIVATE")
    .map(({ symbols }) =>
      error("UDF_GLIBC_PRIVATE", `${symbols.join(", ")} is private to one release of glibc; do not use it`),
    );
}

function newerThanFloor(elf: ElfReport): Diagnostic[] {
  const newer = elf.versions.filter(({ version }) => {
    const glibc = /^GLIBC_(\d[\d.]*)$/.exec(version)?.[1];
    return glibc !== undefined && compareVersions(glibc, oldestGlibc) > 0;
  });
  if (newer.length === 0) return [];
  const causes = newer.map(({ version, symbols }) => `${symbols.join(", ")} (${version})`).join("; ");
  return [
    {
      severity: "warning",
      origin: "audit",
      code: "UDF_GLIBC_FLOOR",
      message: `the object needs glibc ${glibcFloor(elf)}, newer than ${oldestGlibc}, for ${causes}`,
      related: [],
    },
  ];
}

function error(code: string, message: string): Diagnostic {
  return { severity: "error", origin: "audit", code, message, related: [] };
}
