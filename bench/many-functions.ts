import { appendFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { interleaved, median, timeProcess } from "./measure.ts";
import { newModule } from "./new-module.ts";
import { type Benchmark, ms, type Row } from "./result.ts";

const count = 50;

/** One function of each of these in turn: its type and its body, and the names of its arguments. */
const shapes = [
  ["double", "double a, double b", "return a * {n} + b;", ["a", "b"]],
  ["std::int64_t", "std::int64_t a, std::optional<std::int64_t> b", "return b ? a + *b + {n} : a;", ["a", "b"]],
  ["std::string", "std::string_view a, std::string_view b", "return std::string(a) + std::string(b);", ["a", "b"]],
  ["std::optional<double>", "std::span<const double> a", "if (a.empty()) return std::nullopt; return a[0];", ["a"]],
  ["bool", "std::string_view a", "return a.size() > {n};", ["a"]],
] as const;

const names = Array.from({ length: count }, (_, n) => ({
  name: `f${n}`,
  shape: shapes[n % shapes.length] ?? shapes[0],
}));

const headers = "#include <cstdint>\n#include <optional>\n#include <span>\n#include <string>\n#include <string_view>\n";

const functions = names
  .map(({ name, shape: [type, args, body] }, n) => `${type} ${name}(${args}) { ${body.replace("{n}", String(n))} }\n`)
  .join("");

const registrations = names
  .map(({ name, shape }) => `  m.row<${name}>("${name}", ${shape[3].map((each) => `"${each}"_a`).join(", ")});\n`)
  .join("");

const withSdk = `#include <udf/udf.h>\n${headers}using namespace udf::literals;\n${functions}UDF_MODULE(many, m) {\n${registrations}}\n`;

/** (g) What the registration of many functions costs the compiler, and the artifact. */
export const manyFunctions: Benchmark = {
  name: "many-functions",
  title: `A module with ${count} functions`,
  run: async (context) => {
    const module = newModule(context, "many", (folder) => writeFileSync(path.join(folder, "many.cpp"), withSdk));
    const one = newModule(context, "one", (folder) => {
      const text = `#include <udf/udf.h>\nusing namespace udf::literals;\ndouble f(double a) { return a; }\nUDF_MODULE(one, m) {\n  m.row<f>("f", "a"_a);\n}\n`;
      writeFileSync(path.join(folder, "one.cpp"), text);
    });
    const sizes = { many: statSync(module.build()).size, one: statSync(one.build()).size };
    const bare = path.join(context.temporary, "bare.cpp");
    writeFileSync(bare, headers + functions);
    const compiler = process.env.CXX ?? "c++";
    const options = ["-std=c++20", "-O3", "-g1", "-fPIC", "-c", bare, "-o", path.join(context.temporary, "bare.o")];
    let line = 0;
    const { changed, alone, smallest } = await interleaved(context.rounds, {
      changed: async () => changedBuild(module, path.join("src", "many.cpp"), ++line),
      smallest: async () => changedBuild(one, path.join("src", "one.cpp"), ++line),
      alone: async () => timeProcess(compiler, options, context.temporary),
    });
    const each = (median(changed) - median(smallest)) / (count - 1);
    const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
    const rows: Row[] = [
      {
        what: "one changed line, whole build",
        ours: ms(median(changed)),
        against: `${ms(median(smallest))} with 1 function, ${ms(median(alone))} the ${count} alone, without the SDK`,
        ratio: median(changed) / median(smallest),
        goal: "none",
        met: null,
        limit: `the compiler: ${ms(each)} for each function, its kernel and its loops`,
      },
      {
        what: "the artifact",
        ours: kilobytes(sizes.many),
        against: `${kilobytes(sizes.one)} with 1 function`,
        ratio: sizes.many / sizes.one,
        goal: "none",
        met: null,
        limit: "the doors and the parts of libstdc++ that they use, which every module has",
      },
    ];
    return rows;
  },
};

function changedBuild({ root, build }: { root: string; build: () => string }, source: string, line: number): number {
  appendFileSync(path.join(root, source), `static_assert(${line} > 0);\n`);
  const start = performance.now();
  build();
  return (performance.now() - start) / 1000;
}
