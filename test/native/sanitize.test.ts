import assert from "node:assert/strict";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { submitJob } from "../../src/app.ts";
import { sanitizerEnvironment } from "../../src/build/sanitizers.ts";
import { type Diagnostic, formatLocation } from "../../src/core/diagnostic.ts";
import type { Module } from "../../src/core/module.ts";
import { loadModule } from "../../src/module/load-module.ts";
import { scaffold } from "../../src/scaffold/scaffold.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/* A module with mistakes that do no harm, under the compiler's real sanitizers in real workers. */

const source = `#include <udf/udf.h>

#include <cstdint>
#include <memory>

using namespace udf::literals;

namespace {
volatile int zero = 0;
}

std::int64_t after_end(std::int64_t x) {
  const auto values = std::make_unique<std::int64_t[]>(4);  // allocated
  return x == 7 ? values[static_cast<std::size_t>(zero + 4)] : x;  // after_end
}

std::int64_t freed(std::int64_t x) {
  auto* const value = new std::int64_t(x);
  delete value;  // released
  return x == 7 ? *value : x;  // freed
}

std::int64_t on_stack(std::int64_t x) {
  volatile std::int64_t values[4] = {x, x, x, x};
  return x == 7 ? values[zero + 4] : x;  // on_stack
}

std::int32_t doubled(std::int32_t x) {
  return (x + 2147483640) * 1;  // doubled
}

std::int32_t shifted(std::int32_t x) {
  return 1 << (x + 30);  // shifted
}

UDF_MODULE(mistaken, m) {
  m.row<after_end>("after_end", "x"_a);
  m.row<freed>("freed", "x"_a);
  m.row<on_stack>("on_stack", "x"_a);
  m.row<doubled>("doubled", "x"_a);
  m.row<shifted>("shifted", "x"_a);
}
`;

const limit = { timeout: 300_000 };
let module: Module;

const line = (mark: string) =>
  `src/mistaken.cpp:${source.split("\n").findIndex((text) => text.endsWith(`// ${mark}`)) + 1}`;
const placeOf = ({ location }: Diagnostic) =>
  location ? formatLocation({ file: location.file, line: location.line }) : undefined;

function writeJob(name: string, map: string): void {
  const job = {
    modules: ["mistaken"],
    input: { path: "data/rows.csv" },
    map,
    output: { path: `out/${name}.parquet` },
  };
  const text = `import { defineJob } from "native-udf";\n\nexport default defineJob(${JSON.stringify(job)});\n`;
  writeFileSync(path.join(module.root, "jobs", `${name}.job.ts`), text);
}

async function sanitized(name: string, map: string) {
  writeJob(name, map);
  const run = await submitJob(module, { job: name, sanitize: "address,undefined" });
  return run.finished;
}

before(async () => {
  const root = path.join(temporaryFolder("sanitize"), "mistaken");
  await scaffold({ folder: root, template: "blank" });
  for (const folder of ["jobs", "test"]) rmSync(path.join(root, folder), { recursive: true, force: true });
  mkdirSync(path.join(root, "jobs"));
  writeFileSync(path.join(root, "src", "mistaken.cpp"), source);
  writeFileSync(path.join(root, "data", "rows.csv"), `x\n${Array.from({ length: 10 }, (_, x) => `${x}\n`).join("")}`);
  module = loadModule(root);
});

for (const [name, kind, origins] of [
  ["after_end", "heap-buffer-overflow: READ of size 8", ["allocated"]],
  ["freed", "heap-use-after-free: READ of size 8", ["released"]],
  ["on_stack", "stack-buffer-overflow: READ of size 8", []],
] as const) {
  test(
    `${kind.split(":")[0]} ends the run with the function, its row and line, and where the memory comes from`,
    limit,
    async () => {
      const { error, diagnostics } = await sanitized(name, `SELECT ${name}(x) AS y FROM input`);
      assert.equal(error?.code, "SANITIZER_FOUND", error?.message);
      assert.match(error.message, new RegExp(`^row 7 of data/rows\\.csv: ${name}\\(\\): ${kind}`));
      const found = diagnostics.find(({ severity }) => severity === "error");
      assert.equal(found && placeOf(found), line(name));
      const notes = diagnostics.filter(({ severity }) => severity === "note").map(placeOf);
      for (const origin of origins) assert.ok(notes.includes(line(origin)), notes.join());
    },
  );
}

test(
  "undefined behaviour is told once for each line, with its column, and fails the run at its end",
  limit,
  async () => {
    const map = "SELECT doubled(x::INT) AS a, shifted(x::INT) AS b FROM input";
    const { error, diagnostics, rows } = await sanitized("undefined", map);
    assert.equal(error?.code, "SANITIZER_FOUND", error?.message);
    assert.equal(rows, 10);
    const found = diagnostics.filter(({ code }) => code === "undefined behaviour");
    assert.deepEqual([...new Set(found.map(placeOf))].sort(), [line("doubled"), line("shifted")].sort());
    assert.ok(found.every(({ origin, location }) => origin === "sanitizer" && location?.column));
    assert.match(found.map(({ message }) => message).join("\n"), /signed integer overflow[\s\S]*shift exponent/);
  },
);

test("a job without mistakes gives its result, in the run's folder, and the author's stubs stay", limit, async () => {
  const { outcome, error, outputPath } = await sanitized("fine", "SELECT after_end(x * 0) AS y FROM input");
  assert.equal(outcome, "succeeded", error?.message);
  assert.match(outputPath ?? "", /\.native-udf\/runs\/.*\/sample\/fine\.parquet$/);
  assert.equal(existsSync(path.join(module.root, "out")), false);
  assert.equal(existsSync(path.join(module.stubs, "mistaken.ts")), false);
});

test("a compiler without the runtime of AddressSanitizer is told as such, with how to get it", async () => {
  const compiler = path.join(temporaryFolder("compiler"), "c++");
  // what a compiler prints for a file that it does not have
  writeFileSync(compiler, '#!/bin/sh\necho "$1" | cut -d= -f2\n', { mode: 0o755 });
  await assert.rejects(sanitizerEnvironment(compiler, "address"), {
    code: "TOOL_MISSING",
    message: /has no AddressSanitizer runtime on this machine \(libasan\.so, .*\)\. .*or leave "address" out/,
  });
  assert.equal("LD_PRELOAD" in (await sanitizerEnvironment(compiler, "undefined")), false);
});
