import assert from "node:assert/strict";
import { readdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import { inspectCompiler } from "../../src/toolchain/inspect-compiler.ts";
import { onPath } from "../../src/toolchain/on-path.ts";
import { probe } from "../../src/toolchain/probe.ts";
import { projectRoot } from "../support/command-line.ts";

/*
 * Authors compile the SDK's headers with the warnings that they like. g++'s warnings of what flows where, which take a
 * whole compilation, are errors in the builds of sdk-doors and sdk-cpp.
 */

const warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wsign-conversion", "-Wshadow"];
const sdk = path.join("native-template", "udf");
const nodeHeaders = ["node-api-headers/include", "node-addon-api"].flatMap((folder) => [
  "-isystem",
  path.join("node_modules", folder),
]);
const nodeMacros = ["NAPI_VERSION=8", "NAPI_CPP_EXCEPTIONS", "NODE_ADDON_API_DISABLE_DEPRECATED"].map(
  (macro) => `-D${macro}`,
);

/** Those of the runtime are read as one, as builds do; modules with every type and kind, and the template's. */
function sources(): { name: string; text: string }[] {
  const include = (file: string) => `#include ${JSON.stringify(path.join(projectRoot, file))}\n`;
  const runtime = readdirSync(path.join(projectRoot, sdk, "src")).filter((file) => file.endsWith(".cpp"));
  const apart = ["door_node.cpp", "glibc_new.cpp", "glibc_old.cpp"];
  const together = runtime.filter((file) => !apart.includes(file)).map((file) => include(path.join(sdk, "src", file)));
  const alone = [
    ...apart.map((file) => path.join(sdk, "src", file)),
    ...["types/types.cpp", "types/table.cpp"].map((file) => path.join("test", "native", "sdk", file)),
    path.join("test", "native", "function-kinds", "function_kinds.cpp"),
    ...["airports.cpp", "flight_features.cpp", "haversine.cpp"].map((file) =>
      path.join("native-template", "src", file),
    ),
  ];
  return [
    { name: "the runtime", text: together.join("") },
    ...alone.map((file) => ({ name: file, text: include(file) })),
  ];
}

async function said(compiler: string, { text, module }: { text: string; module: string }): Promise<string> {
  const folders = ["include", "src"].map((folder) => `-I${path.join(sdk, folder)}`);
  const language = ["-std=c++20", "-fsyntax-only", "-x", "c++"];
  const args = [...language, ...warnings, ...folders, ...nodeHeaders, ...nodeMacros, `-DUDF_MODULE_NAME="${module}"`];
  const { all } = await execa(compiler, [...args, "-"], {
    ...{ cwd: projectRoot, input: text, env: { LC_ALL: "C" }, reject: false, all: true },
  });
  return all;
}

/** `g++`, `clang++`, and each further version of them that is installed under a name of its own. */
function compilers(): string[] {
  const named = ["g++", "clang++"].flatMap((name) => [
    name,
    ...Array.from({ length: 20 }, (_, index) => `${name}-${11 + index}`),
  ]);
  const seen = new Set<string>();
  return named.filter((name) => {
    const file = onPath(name);
    if (file === undefined) return name === "g++" || name === "clang++";
    const isNew = !seen.has(realpathSync(file));
    seen.add(realpathSync(file));
    return isNew;
  });
}

for (const name of compilers()) {
  test(`${name} has no warning for the SDK, nor for modules with every type and kind`, async (t) => {
    const { found, tried } = await probe({ candidates: [name], inspect: inspectCompiler });
    if (!found) return t.skip(tried.join("; "));
    assert.match(await said(found.path, { text: "int f(long x) { return x; }\n", module: "m" }), /: warning: /);
    for (const { name: source, text } of sources()) {
      assert.equal(await said(found.path, { text, module: path.basename(source, ".cpp") }), "", source);
    }
  });
}
