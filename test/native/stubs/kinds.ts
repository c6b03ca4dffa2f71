import { readFileSync } from "node:fs";
import path from "node:path";
import { type BuiltModule, builtModule } from "../../support/built-module.ts";

const source = `#include "kinds.h"
UDF_MODULE(kinds, m) { kinds::add(m); }
`;

const cmake = `cmake_minimum_required(VERSION 3.18...3.30)
project(kinds LANGUAGES CXX)
include(udf/cmake/udf.cmake)
udf_add_module(kinds src/kinds.cpp)
`;

/** A module that takes and gives every kind of column, built, with its stubs. */
export function buildKinds(): Promise<BuiltModule> {
  return builtModule("kinds", {
    "src/kinds.cpp": source,
    "src/kinds.h": readFileSync(path.join(import.meta.dirname, "..", "sdk", "types", "kinds.h"), "utf8"),
    "CMakeLists.txt": cmake,
    "native-udf.json": JSON.stringify({ name: "kinds" }),
  });
}
