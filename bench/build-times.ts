import { execFileSync } from "node:child_process";
import { appendFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { interleaved, median, timeProcess } from "./measure.ts";
import { atMost, type Benchmark, type Context, ms } from "./result.ts";

/** (e) The build: cold, one changed line and no change, against the bare compiler and linker on the same file. */
export const buildTimes: Benchmark = {
  name: "build",
  title: "Build of the flight module",
  run: async (context) => {
    const source = path.join(context.module, "src", "flight_features.cpp");
    const { cold } = await interleaved(2, { cold: async () => coldBuild(context) });
    build(context);
    const bare = bareCommands(context);
    let line = 0;
    const { changed, unchanged, compiler } = await interleaved(context.rounds, {
      changed: async () => {
        appendFileSync(source, `static_assert(${++line} > 0);\n`);
        return build(context);
      },
      unchanged: async () => build(context),
      compiler: async () =>
        bare.reduce((sum, command) => sum + timeProcess("bash", ["-c", command], bareFolder(context)), 0),
    });
    return [
      {
        what: "cold, with the SDK's doors",
        ours: ms(median(cold)),
        against: "–",
        ratio: null,
        goal: "none",
        met: null,
        limit: "the compiler on the SDK's doors, which no later build repeats",
      },
      {
        what: "one changed line",
        ours: ms(median(changed)),
        against: `${ms(median(compiler))} compiler and linker`,
        ...atMost(median(changed) / median(compiler), 1.5),
        limit: "the compiler; then the start of Node, objcopy and the artifact's description",
      },
      {
        what: "no change",
        ours: ms(median(unchanged)),
        against: `${ms(timeProcess(process.execPath, ["-e", "0"], context.module))} start of Node alone`,
        ratio: null,
        goal: "none",
        met: null,
        limit: "the start of Node and ninja",
      },
    ];
  },
};

function build({ project, module }: Context): number {
  return timeProcess(process.execPath, [path.join(project, "dist", "cli.js"), "build", "--quiet"], module);
}

function coldBuild(context: Context): number {
  for (const made of ["artifacts", ".native-udf"])
    rmSync(path.join(context.module, made), { recursive: true, force: true });
  return build(context);
}

function bareFolder({ module }: Context): string {
  const folder = path.join(module, ".native-udf", "build");
  const [release] = readdirSync(folder).filter((name) => name.startsWith("release-"));
  return path.join(folder, release ?? "");
}

/** What ninja would run for the changed file: its compilation, and the link. */
function bareCommands(context: Context): string[] {
  const all = execFileSync("ninja", ["-t", "commands"], { cwd: bareFolder(context), encoding: "utf8" }).split("\n");
  const wanted = [/ -c \S*src\/flight_features\.cpp$/, / -o flight_features\.udf\.so /];
  return wanted.map((pattern) => {
    const found = all.find((command) => pattern.test(command));
    if (!found) throw new Error(`ninja has no command like ${pattern}`);
    return found;
  });
}
