import { existsSync } from "node:fs";
import path from "node:path";

/**
 * The C compiler that belongs to a C++ compiler: /opt/g++-12 to /opt/gcc-12. Where there is none, the C++ compiler
 * itself, which matters only to a module that has C sources.
 */
export function cCompilerOf(cxx: string): string {
  const name = path
    .basename(cxx)
    .replace(/(?<kind>clang|g|c)\+\+/, (_, kind: string) => ({ g: "gcc", c: "cc" })[kind] ?? kind);
  const sibling = path.join(path.dirname(cxx), name);
  return existsSync(sibling) ? sibling : cxx;
}
