import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { UdfError } from "../../core/error.ts";
import type { Spark } from "../../toolchain/spark.ts";
import { isScript } from "../job-files.ts";
import type { RunFolder } from "../run-folder.ts";
import type { SparkRunOptions } from "./options.ts";
import { fromEnvironment, settingsOf, writeProperties } from "./settings.ts";
import { refuseWithoutCluster, yarnMaster, yarnTag } from "./yarn.ts";

type Launch = { command: string; args: readonly string[]; environment: Record<string, string> };

/** Over Connect, a plain Python process; else spark-submit, which reads the settings from a file of ours. */
export function launchOf({ options, spark }: { options: SparkRunOptions; spark: Spark }): Launch {
  const { target, folder, workers, timeoutSeconds, showValues } = options;
  const { connect, master, executorPython, token } = target.spark;
  const program = driverProgram();
  const environment: Record<string, string> = {
    ...inherited(),
    PYTHONUNBUFFERED: "1",
    // nothing is written beside the driver's program, which may be installed for everybody
    PYTHONDONTWRITEBYTECODE: "1",
    PYSPARK_PYTHON: executorPython ?? process.env.PYSPARK_PYTHON ?? spark.python,
    PYSPARK_DRIVER_PYTHON: spark.python,
    ...(timeoutSeconds === undefined ? {} : { NATIVE_UDF_TIME_LIMIT: String(timeoutSeconds) }),
    ...(showValues ? { NATIVE_UDF_SHOW_VALUES: "1" } : {}),
  };
  if (connect !== undefined) {
    const secret = token && fromEnvironment(token.environment, "the target's token", process.env);
    if (secret !== undefined) environment.NATIVE_UDF_CONNECT_TOKEN = secret;
    return { command: spark.python, args: [program], environment };
  }
  const file = propertiesFile(folder);
  const url = master ?? `local[${workers ?? "*"}]`;
  const settings: Record<string, string> = { ...warehouseOf(options, url), ...settingsOf(target.spark, process.env) };
  if (url === yarnMaster) {
    refuseWithoutCluster(spark, process.env);
    const tag = yarnTag(folder.id);
    environment.NATIVE_UDF_YARN_TAG = tag;
    settings["spark.yarn.tags"] = [settings["spark.yarn.tags"], tag].filter(Boolean).join(",");
  }
  writeProperties(file, { ...settings, "spark.master": url });
  return {
    command: path.join(spark.home, "bin", "spark-submit"),
    args: ["--properties-file", file, program],
    environment: { ...environment, SPARK_HOME: spark.home },
  };
}

/**
 * Spark makes a folder for tables where it is started, which is the module's. A job has no tables; those of a script on
 * this machine lie with the module's runs, and those on a cluster where the cluster says.
 */
function warehouseOf({ job, module, folder }: SparkRunOptions, master: string): Record<string, string> {
  const isKept = isScript(job);
  if (isKept && !master.startsWith("local")) return {};
  const tables = path.join(isKept ? module.state : folder.temporary, "spark-warehouse");
  return { "spark.sql.warehouse.dir": pathToFileURL(tables).href };
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Exists while the driver runs. */
export function propertiesFile(folder: RunFolder): string {
  return path.join(folder.temporary, "spark.properties");
}

/** Throws TOOL_MISSING. */
export function refuseWithoutConnect({ missingForConnect, python }: Spark): void {
  if (missingForConnect.length === 0) return;
  throw new UdfError("TOOL_MISSING", {
    what: `this Python lacks what Spark Connect needs: ${missingForConnect.join(", ")}`,
    where: python,
    next: `Install it ("${python} -m pip install 'pyspark[connect]'").`,
  });
}

/** The driver's program, beside this file or in dist/. */
function driverProgram(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const file = ["driver", "spark-driver"]
    .map((folder) => path.join(here, folder, "main.py"))
    .find((each) => existsSync(each));
  if (file) return file;
  throw new UdfError("TOOL_MISSING", {
    what: "the program that drives Spark is missing",
    where: here,
    next: 'Install native-udf again (in its own sources: "npm run build").',
  });
}
