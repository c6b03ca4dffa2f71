import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { installedSpark, type Spark } from "../test/support/spark.ts";
import { startCluster } from "../test/support/spark-cluster.ts";
import { median, timeProcess } from "./measure.ts";
import { atMost, type Benchmark, type Context, type Row } from "./result.ts";

const resultSchema = z.object({
  sent: z.object({ first: z.number(), second: z.number() }),
  /** Seconds by work and way, one of each round. */
  times: z.record(z.string(), z.record(z.string(), z.array(z.number()))),
});

const seconds = (value: number) => `${value.toFixed(2)} s`;

/** (i) The ways to compute a feature on a real cluster of two workers, and the local runner beside Spark. */
export const sparkCluster: Benchmark = {
  name: "spark",
  title: "Spark 4.3: a standalone cluster of two workers with one core each, 8M rows (flights: 9M)",
  run: async (context) => {
    const installed = await installedSpark("4.3");
    const module = moduleWithMore(context);
    const cluster = await startCluster(installed);
    let output: string;
    try {
      output = execFileSync(
        installed.python,
        [path.join(context.project, "bench", "spark", "measure.py"), cluster.master, module, context.temporary, "5"],
        {
          cwd: module,
          env: { ...process.env, ...installed.environment },
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        },
      );
    } finally {
      await cluster.stop();
    }
    const line = output.split("\n").find((each) => each.startsWith("RESULT ")) ?? "";
    const { sent, times } = resultSchema.parse(JSON.parse(line.slice("RESULT ".length)));
    return [
      ...Object.entries(times).flatMap(([work, ways]) => rowsOf(work, ways)),
      {
        what: "bytes sent at the second use of a module in a session",
        ours: `${sent.second} bytes`,
        against: `${(sent.first / 1000).toFixed(0)} kB at the first`,
        ...{ ratio: sent.second / sent.first, goal: "none", met: sent.second === 0, limit: "" },
      },
      localBesideSpark(context, installed),
    ];
  },
};

/** The flight module with two functions more, built. */
function moduleWithMore(context: Context): string {
  const module = path.join(context.temporary, "on-spark");
  cpSync(context.module, module, { recursive: true, filter: (file) => !file.includes(".native-udf") });
  const source = path.join(module, "src", "flight_features.cpp");
  const own = readFileSync(path.join(context.project, "bench", "native", "mixed.cpp"), "utf8");
  const registrations = '  m.row<mixed>("mixed", "a"_a, "b"_a);\n  m.row<fnv>("fnv", "text"_a);\n';
  const text = readFileSync(source, "utf8")
    .replace("UDF_MODULE(", `${own}\nUDF_MODULE(`)
    .replace("UDF_MODULE(flight_features, m) {\n", (line) => `${line}${registrations}`);
  writeFileSync(source, text);
  execFileSync(process.execPath, [path.join(context.project, "dist", "cli.js"), "stubs", "--quiet"], { cwd: module });
  return module;
}

function rowsOf(work: string, ways: Record<string, readonly number[]>): Row[] {
  const time = (way: string) => median(ways[way]);
  const native = time("native");
  const through = time("pass-through");
  const compare = (
    way: string,
    against: string,
    goal: (ratio: number) => Pick<Row, "ratio" | "goal" | "met">,
  ): Row => ({
    what: `${work}: native against ${against}`,
    ours: seconds(native),
    against: `${seconds(time(way))} (net of a pass-through ${seconds(time(way) - through)}; native ${seconds(native - through)})`,
    ...goal(native / time(way)),
    limit: "Arrow between the JVM and the Python worker",
  });
  const atLeast = (times: number) => (ratio: number) => ({
    ratio,
    goal: `≥ ${times} times as fast`,
    met: ratio <= 1 / times,
  });
  const free = (ratio: number) => ({ ratio, goal: "none", met: null });
  return [
    compare("identity", "an identity arrow_udf", (ratio) => atMost(ratio, 1.1)),
    compare("identity iterator", "an identity arrow_udf of the iterator form", (ratio) => atMost(ratio, 1.1)),
    compare("pandas_udf", "a pandas_udf with numpy", work === "arithmetic" ? atLeast(1.3) : free),
    ...(ways["arrow python"] ? [compare("arrow python", "a Python UDF over Arrow", free)] : []),
    ...(ways.python ? [compare("python", "a plain Python UDF", work === "arithmetic" ? free : atLeast(10))] : []),
    ...(ways.builtin ? [compare("builtin", "Spark's builtin", free)] : []),
  ];
}

/** Whole processes, from the command to the result. */
function localBesideSpark({ project, module }: Context, installed: Spark): Row {
  const cli = path.join(project, "dist", "cli.js");
  const submit = (target: string) =>
    timeProcess(process.execPath, [cli, "submit", "by-origin", "--overwrite", "--quiet", "--target", target], module);
  Object.assign(process.env, installed.environment, { NATIVE_UDF_PYTHON: installed.python });
  const local = median([1, 2, 3].map(() => submit("local")));
  const onSpark = median([1, 2, 3].map(() => submit("local[2]")));
  return {
    what: "the flight job, from the command to the result: local runner against Spark local[2]",
    ...{ ours: seconds(local), against: seconds(onSpark), ratio: local / onSpark, goal: "none", met: null },
    limit: "the start of the JVM and of the session",
  };
}
