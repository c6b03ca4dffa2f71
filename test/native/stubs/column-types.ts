import { readFileSync } from "node:fs";
import path from "node:path";
import { type BuiltModule, builtModule } from "../../support/built-module.ts";

const source = `#include "kinds.h"
UDF_MODULE(column_types, m) { kinds::add(m); }
`;

const cmake = `cmake_minimum_required(VERSION 3.18...3.30)
project(column_types LANGUAGES CXX)
include(udf/cmake/udf.cmake)
udf_add_module(column_types src/column_types.cpp)
`;

/** A module that takes and gives every type of column, built, with its stubs. */
export function buildColumnTypes(): Promise<BuiltModule> {
  return builtModule("column_types", {
    "src/column_types.cpp": source,
    "src/kinds.h": readFileSync(path.join(import.meta.dirname, "..", "sdk", "types", "kinds.h"), "utf8"),
    "CMakeLists.txt": cmake,
    "native-udf.json": JSON.stringify({ name: "column_types" }),
  });
}
