import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { nativeUdf } from "../support/command-line.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const source = `#include <chrono>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <udf/udf.h>
using namespace udf::literals;

double half(double x) { return x / 2; }
std::int64_t length(std::string_view text) { return static_cast<std::int64_t>(text.size()); }

double checked(double x) {
  if (x == 1500) throw std::runtime_error("x must not be 1500");
  return x;
}
double crash_at(double x) {
  if (x == 1500) std::raise(SIGSEGV);
  return x;
}
double abort_at(double x) {
  if (x == 1500) std::abort();
  return x;
}
double never_returns(double x) {
  while (x >= 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return x;
}
double slow(double x) {
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  return x;
}

class Greeting {
 public:
  explicit Greeting(const udf::Config& config) : text_(config.text()) {
    if (text_.find("hello") == std::string::npos) throw std::runtime_error("the word hello is missing");
  }
  std::string greet(std::string_view name) const { return text_ + " " + std::string(name); }

 private:
  std::string text_;
};

UDF_MODULE(troubled, m) {
  m.row<half>("half", "x"_a).doc("Half of x.");
  m.row<length>("length_of", "text"_a);
  m.row<checked>("checked", "x"_a);
  m.row<crash_at>("crash_at", "x"_a);
  m.row<abort_at>("abort_at", "x"_a);
  m.row<never_returns>("never_returns", "x"_a);
  m.row<slow>("slow", "x"_a);
  m.row<&Greeting::greet>("greet", "name"_a).config("greeting.txt");
}
`;

/** Rows of data/rows.csv: `x` from 0, `name` row-0, row-1, … */
export const rowCount = 3000;

/** A module whose functions throw, crash, hang and read a config, made by the real command line and built once. */
export async function makeTroubledModule(): Promise<string> {
  const root = path.join(temporaryFolder("troubled"), "troubled");
  await must(["new", root, "--template", "blank"], path.dirname(root));
  writeFileSync(path.join(root, "src", "troubled.cpp"), source);
  mkdirSync(path.join(root, "config"), { recursive: true });
  writeFileSync(path.join(root, "config", "greeting.txt"), "hello");
  writeFileSync(
    path.join(root, "native-udf.json"),
    JSON.stringify({ name: "troubled", configs: ["config/greeting.txt"] }),
  );
  const rows = Array.from({ length: rowCount }, (_, x) => `${x},row-${x}`);
  mkdirSync(path.join(root, "data"), { recursive: true });
  writeFileSync(path.join(root, "data", "rows.csv"), `x,name\n${rows.join("\n")}\n`);
  await must(["stubs"], root);
  return root;
}

export type JobText = { map: string; reduce?: string; input?: string; output?: string };

/** Writes jobs/<name>.job.ts; gives the path of its output. */
export function writeJob(
  root: string,
  name: string,
  { map, reduce, input = "data/rows.csv", output = `out/${name}.csv` }: JobText,
): string {
  const fields = [
    'modules: ["troubled"]',
    `input: { path: ${JSON.stringify(input)} }`,
    `map: ${JSON.stringify(map)}`,
    ...(reduce ? [`reduce: ${JSON.stringify(reduce)}`] : []),
    `output: { path: ${JSON.stringify(output)} }`,
  ];
  const text = `import { defineJob } from "native-udf";\n\nexport default defineJob({\n  ${fields.join(",\n  ")},\n});\n`;
  writeFileSync(path.join(root, "jobs", `${name}.job.ts`), text);
  return path.resolve(root, output);
}

async function must(args: readonly string[], cwd: string): Promise<void> {
  const { exitCode, stderr } = await nativeUdf(args, { cwd });
  if (exitCode !== 0) throw new Error(`native-udf ${args.join(" ")} failed: ${stderr}`);
}
