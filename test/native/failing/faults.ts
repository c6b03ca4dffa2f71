/*
 * A module of functions that each fail at one row, in a way, at a place and at a depth that a fixed sequence of random
 * numbers chooses.
 */

export const faultKinds = [
  "segv",
  "stack overflow",
  "heap smash",
  "throw",
  "abort",
  "division",
  "endless loop",
  "out of memory",
] as const;
export type FaultKind = (typeof faultKinds)[number];

export type Fault = {
  kind: FaultKind;
  /** The function that the module registers. */
  name: string;
  /** The row that it fails at. */
  row: number;
  /** In the source, from 1. */
  line: number;
};

/** Statements that fail, by themselves and inside of a library. */
const statements: Record<FaultKind, readonly [own: string, inLibrary: string]> = {
  segv: ["*nowhere = 1;", "copied = std::strlen(no_text);"],
  "stack overflow": ["kept = deeper(x);", "kept = deeper(x);"],
  "heap smash": ["smash(); delete[] block;", "smash(); std::free(block);"],
  throw: ['throw std::runtime_error("refused");', "kept = std::vector<double>(3).at(many);"],
  abort: ["std::abort();", "std::terminate();"],
  division: ["divided = 7 / zero;", "divided = std::div(7, zero).quot;"],
  "endless loop": ["while (on) kept = kept;", "std::this_thread::sleep_for(std::chrono::hours(1));"],
  "out of memory": ["block = new char[too_large];", "kept = std::vector<char>(too_large)[0];"],
};

const head = `#include <udf/udf.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace udf::literals;

namespace {

int* volatile nowhere = nullptr;
const char* volatile no_text = nullptr;
volatile std::size_t copied = 0;
volatile std::size_t many = 10;
volatile std::size_t too_large = std::size_t{1} << 46;
volatile double kept = 0;
volatile int zero = 0;
volatile int divided = 0;
volatile bool on = true;
char* volatile block = nullptr;
volatile std::ptrdiff_t before = 8;

/// A block whose size is none that the heap gives out: it is seen when the block is freed.
void smash() {
  block = new char[64];
  std::memset(block - before, 'x', 8);
}
`;

/** Park and Miller's generator: a whole number from 0 to \`below - 1\`. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

/** The module's source, and what is to be told of each function. */
export function faultModule({ seed, count, rows }: { seed: number; count: number; rows: number }): {
  source: string;
  faults: Fault[];
} {
  const random = randomNumbers(seed);
  const lines = head.split("\n");
  const faults: Fault[] = [];
  for (let index = 0; index < count; index++) {
    const kind = faultKinds[random(faultKinds.length)] ?? "segv";
    const statement = statements[kind][random(2)] ?? "";
    const row = 1 + index * Math.floor(rows / count) + random(Math.floor(rows / count) - 1);
    const depth = random(4);
    const attribute = random(2) === 0 ? "[[gnu::noinline]] " : "inline ";
    const name = `fault_${index}`;
    const deepest = `${name}_0`;
    if (kind === "stack overflow") {
      lines.push(
        `double ${name}_r(double x) { volatile double much[64] = {x}; return ${name}_r(x + ${index + 1}) + much[0]; }`,
      );
    }
    lines.push(`${attribute}double ${deepest}(double x) {`);
    const recursion = statement.replace("deeper", `${name}_r`);
    lines.push(`  if (x == ${row}) { ${recursion} }`);
    const line = kind === "stack overflow" ? lines.length - 2 : lines.length;
    lines.push(`  return x + ${index};`, "}");
    for (let level = 1; level <= depth; level++) {
      lines.push(`${attribute}double ${name}_${level}(double x) { return ${name}_${level - 1}(x) * 2; }`);
    }
    lines.push(`double ${name}(double x) { return ${name}_${depth}(x) + 1; }`);
    faults.push({ kind, name, row, line });
  }
  const registered = faults.map(({ name }) => `  m.row<${name}>("${name}", "x"_a);`);
  lines.push("", "}  // namespace", "", "UDF_MODULE(faults, m) {", ...registered, "}", "");
  return { source: lines.join("\n"), faults };
}
