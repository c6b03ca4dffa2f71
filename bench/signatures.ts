import { execFileSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { newModule } from "./new-module.ts";
import { atMost, type Benchmark, type Context, type Row } from "./result.ts";

const lineSchema = z.object({ case: z.string(), sdkNs: z.number(), handNs: z.number() });
type Line = z.infer<typeof lineSchema>;

/** (a) Twelve signatures through a module's C door, against loops by hand over the same Arrow arrays. */
export const signatures: Benchmark = {
  name: "signatures",
  title: "The SDK against loops by hand over the same Arrow arrays",
  run: async (context) => {
    const lines = measure(context);
    const named = new Map(lines.map((line) => [line.case, line]));
    return lines.flatMap((line) => {
      if (line.case === "a row error") return [rowError(line)];
      if (!line.case.endsWith(watched)) return [against(line)];
      const unwatched = named.get(line.case.slice(0, -watched.length));
      return counted.test(line.case) && unwatched ? [rowCounter(line, unwatched)] : [];
    });
  },
};

const watched = ", watched";

/** Where the row counter is shown: what it costs most, and what is usual. */
const counted = /^(?:double\(double, double\)|int64\(string_view\).*|double\(4 doubles\).*), dense/;

/** Builds the module by the command line as an author does, and the loops by hand with the flags of a module. */
function measure(context: Context): Line[] {
  const sources = path.join(context.project, "bench", "native");
  const { build } = newModule(context, "signatures", (folder) => {
    for (const file of ["signatures.h", "signatures_module.cpp"]) {
      copyFileSync(path.join(sources, file), path.join(folder, file));
    }
  });
  const program = path.join(context.temporary, "signatures-by-hand");
  const options = [
    "-std=c++20",
    "-O3",
    "-falign-loops=32",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fno-trapping-math",
  ];
  const include = path.join(context.project, "native-template", "udf", "include");
  const command = [...options, "-I", include, path.join(sources, "signatures.cpp"), "-o", program, "-ldl"];
  execFileSync(process.env.CXX ?? "c++", command);
  const artifact = build();
  const runs = Array.from({ length: context.rounds }, () => run(program, artifact));
  rmSync(program);
  return runs.reduce((best, lines) => best.map((line, index) => fastest(line, lines[index] ?? line)));
}

/** One process: in each, memory and code lie elsewhere. Throws when module and loops by hand do not give the same. */
function run(program: string, artifact: string): Line[] {
  const written = execFileSync(program, [artifact, "150"], { encoding: "utf8" });
  return written
    .trim()
    .split("\n")
    .map((line) => lineSchema.parse(JSON.parse(line)));
}

function fastest(one: Line, other: Line): Line {
  return {
    case: one.case,
    sdkNs: Math.min(one.sdkNs, other.sdkNs),
    handNs: Math.min(one.handNs, other.handNs),
  };
}

const perRow = (nanoseconds: number) => `${nanoseconds.toFixed(2)} ns/row`;

function against({ case: what, sdkNs, handNs }: Line): Row {
  const limit = limits.find(([part]) => what.includes(part))?.[1] ?? "the function itself";
  return { what, ours: perRow(sdkNs), against: `${perRow(handNs)} by hand`, ...atMost(sdkNs / handNs, 1.1), limit };
}

const limits = [
  ["optional", "g++ 12 makes slow code of the loop by hand: no merit of ours"],
  ["lists", "the check of the offsets before they are read"],
  ["struct", "the memory of the result"],
  ["string", "copies of texts"],
] as const;

function rowCounter({ case: what, sdkNs }: Line, unwatched: Line): Row {
  return {
    what: `the row counter: ${what.replace(watched, "")}`,
    ours: perRow(sdkNs),
    against: `${perRow(unwatched.sdkNs)} without it`,
    ratio: sdkNs / unwatched.sdkNs,
    goal: "none",
    met: null,
    limit: "a store for each row, and no vector instructions; only in workers",
  };
}

function rowError({ case: what, sdkNs, handNs }: Line): Row {
  return {
    what,
    ours: `${(sdkNs / 1000).toFixed(1)} µs`,
    against: `${(handNs / 1000).toFixed(1)} µs throw and catch`,
    ratio: sdkNs / handNs,
    goal: "none",
    met: null,
    limit: "the frames of the throw, which say where it was",
  };
}
