import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { FunctionDescription } from "../../core/manifest.ts";
import { type Module, moduleFileName } from "../../core/module.ts";
import { loadModule } from "../../module/load-module.ts";
import { baselineName, baselineSource } from "./baseline-source.ts";

const cmakeLists = `cmake_minimum_required(VERSION 3.18...3.30)
project(${baselineName} LANGUAGES CXX)
include(udf/cmake/udf.cmake)
udf_add_module(${baselineName} src/${baselineName}.cpp)
`;

/** A module with the SDK of `module` and one function that does nothing, below the module's state. It is kept. */
export function baselineModule(module: Module, described: FunctionDescription): Module {
  const root = path.join(module.state, "bench");
  const files = {
    [moduleFileName]: JSON.stringify({ name: baselineName }),
    "CMakeLists.txt": cmakeLists,
    "package.json": readFileSync(path.join(module.root, "package.json"), "utf8"),
    [`src/${baselineName}.cpp`]: baselineSource(described),
  };
  mkdirSync(path.join(root, "src"), { recursive: true });
  cpSync(path.join(module.root, "udf"), path.join(root, "udf"), { recursive: true, preserveTimestamps: true });
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    // what has not changed is not built again
    if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
  }
  return loadModule(root);
}
