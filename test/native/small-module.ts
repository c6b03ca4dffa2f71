import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Module } from "../../src/core/module.ts";
import { loadModule } from "../../src/module/load-module.ts";

/** The text of `describe()`: a module without functions. */
const description = JSON.stringify({ sdk: "0", module: "small", functions: [] });

/** Doors written by hand, without the SDK: a build of it takes a moment, and what it makes is known. */
const doors = `#include <cstddef>
#include "answer.h"

#define DOOR extern "C" __attribute__((visibility("default")))
#define HOST extern "C" __attribute__((weak))
struct Env;
struct Value;
struct Info;
HOST int napi_create_string_utf8(Env*, const char*, std::size_t, Value**);
HOST int napi_create_function(Env*, const char*, std::size_t, Value* (*)(Env*, Info*), void*, Value**);
HOST int napi_set_named_property(Env*, Value*, const char*, Value*);

static Value* describe(Env* env, Info*) {
  Value* text = nullptr;
  napi_create_string_utf8(env, R"(${description})", static_cast<std::size_t>(-1), &text);
  return text;
}

DOOR Value* napi_register_module_v1(Env* env, Value* exports) {
  Value* function = nullptr;
  napi_create_function(env, "describe", static_cast<std::size_t>(-1), describe, nullptr, &function);
  napi_set_named_property(env, exports, "describe", function);
  return exports;
}
DOOR int node_api_module_get_api_version_v1() { return 8; }
DOOR void* PyInit_small() { return nullptr; }
DOOR int udf_answer() { return answer(); }
`;

const cmake = `cmake_minimum_required(VERSION 3.18...3.30)
project(small LANGUAGES CXX)
add_library(small MODULE src/small.cpp src/answer.cpp)
set_target_properties(small PROPERTIES PREFIX "" SUFFIX ".udf.so" LIBRARY_OUTPUT_DIRECTORY "\${CMAKE_BINARY_DIR}"
  LIBRARY_OUTPUT_DIRECTORY_RELEASE "\${CMAKE_BINARY_DIR}" LIBRARY_OUTPUT_DIRECTORY_DEBUG "\${CMAKE_BINARY_DIR}" CXX_VISIBILITY_PRESET hidden)
target_include_directories(small PRIVATE src)
target_compile_options(small PRIVATE -g1 -Wall -ffile-prefix-map=\${CMAKE_SOURCE_DIR}=. -ffile-prefix-map=\${CMAKE_BINARY_DIR}=build)
target_link_options(small PRIVATE -static-libstdc++ -static-libgcc -Wl,-z,defs -Wl,--build-id=sha1)
`;

const answer = `#pragma once
int answer();
`;

export const cleanAnswer = '#include "answer.h"\n\nint answer() { return 42; }\n';

/** Writes a module that builds fast; `files` replaces or adds some of its files. */
export function makeSmallModule(root: string, files: Record<string, string> = {}): Module {
  const all = {
    "native-udf.json": JSON.stringify({ name: "small" }),
    "package.json": JSON.stringify({ binary: { napi_versions: [8] } }),
    "CMakeLists.txt": cmake,
    "README.md": "small\n",
    "src/small.cpp": doors,
    "src/answer.h": answer,
    "src/answer.cpp": cleanAnswer,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return loadModule(root);
}
