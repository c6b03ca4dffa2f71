import { execFileSync } from "node:child_process";
import path from "node:path";
import * as z from "zod";
import { atMost, type Benchmark } from "./result.ts";

const lineSchema = z.object({ case: z.string(), kernelNs: z.number(), handNs: z.number(), ratio: z.number() });

/** (a) The SDK's kernels against loops by hand over the same arrays, with the compiler options of a module. */
export const kernel: Benchmark = {
  name: "kernel",
  title: "SDK kernel against a loop by hand",
  run: async ({ project, temporary }) => {
    const program = path.join(temporary, "kernel");
    const runtime = ["compute", "frames", "owned_column", "row_error", "throw_site"].map(
      (name) => `native-template/udf/src/${name}.cpp`,
    );
    const sources = ["bench/native/kernel.cpp", ...runtime, "-Wl,--wrap=__cxa_throw"];
    const options = ["-std=c++20", "-O3", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"];
    const command = [...options, "-I", "native-template/udf/include", ...sources, "-o", program];
    execFileSync(process.env.CXX ?? "c++", command, { cwd: project });
    const lines = execFileSync(program, { encoding: "utf8" }).trim().split("\n");
    return lines.map((line) => {
      const { case: what, kernelNs, handNs, ratio } = lineSchema.parse(JSON.parse(line));
      return {
        what,
        ours: `${kernelNs.toFixed(2)} ns/row`,
        against: `${handNs.toFixed(2)} ns/row by hand`,
        ...atMost(ratio, 1.1),
        limit: "arithmetic; with nulls the walk over the masks",
      };
    });
  },
};
