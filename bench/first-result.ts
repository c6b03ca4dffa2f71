import { execFileSync, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { interleaved, median, timeProcess } from "./measure.ts";
import { atMost, type Benchmark, type Context, ms, type Row } from "./result.ts";

/** (f) From nothing to the first result without a network, and the job against a program written by hand in C++. */
export const firstResult: Benchmark = {
  name: "first-result",
  title: "From scaffold to result, without a network",
  run: async (context) => [await scaffoldToResult(context), ...(await againstByHand(context))],
};

async function scaffoldToResult({ project, temporary }: Context): Promise<Row> {
  const module = path.join(temporary, "first", "flight_features");
  const cli = path.join(project, "dist", "cli.js");
  const alone = spawnSync("unshare", ["-n", "true"]).status === 0;
  const [command, first] = alone ? ["unshare", ["-n", process.execPath]] : [process.execPath, []];
  const once = () => {
    rmSync(module, { recursive: true, force: true });
    return (
      timeProcess(command, [...first, cli, "new", module, "--quiet"], project) +
      timeProcess(command, [...first, cli, "submit", "by-origin", "--quiet"], module)
    );
  };
  const { seconds } = await interleaved(3, { seconds: async () => once() });
  return {
    what: `new and submit${alone ? " under unshare -n" : " (a network could not be taken away here)"}`,
    ours: `${median(seconds).toFixed(2)} s`,
    against: "6 s",
    ...atMost(median(seconds) / 6, 1),
    limit: "the compiler on the SDK's doors (about two thirds), cmake's own tests of the compiler, the job",
  };
}

async function againstByHand(context: Context): Promise<Row[]> {
  const { project, module, temporary } = context;
  const require = createRequire(import.meta.url);
  const bindings = createRequire(require.resolve("@duckdb/node-api")).resolve("@duckdb/node-bindings");
  const duckdb = path.dirname(
    createRequire(bindings).resolve(`@duckdb/node-bindings-${process.platform}-${process.arch}/duckdb.node`),
  );
  const program = path.join(temporary, "by-hand");
  const source = path.join(project, "bench", "native", "by_hand.cpp");
  const link = ["-L", duckdb, "-lduckdb", `-Wl,-rpath,${duckdb}`];
  execFileSync(process.env.CXX ?? "c++", ["-std=c++20", "-O3", source, "-o", program, ...link]);
  const { ours, byHand } = await interleaved(context.rounds, {
    ours: async () =>
      timeProcess(
        process.execPath,
        [path.join(project, "dist", "cli.js"), "submit", "by-origin", "--overwrite", "--quiet"],
        module,
      ),
    byHand: async () => timeProcess(program, [module, "2"], module),
  });
  return [
    {
      what: "flight job, whole process",
      ours: ms(median(ours)),
      against: `${ms(median(byHand))} C++ program over DuckDB`,
      ...atMost(median(ours) / median(byHand), 1.3),
      limit: "start of Node and its workers; parts go through the disk so that a crash costs one part",
    },
  ];
}
