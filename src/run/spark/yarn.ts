import { existsSync } from "node:fs";
import path from "node:path";
import { UdfError } from "../../core/error.ts";
import type { Spark } from "../../toolchain/spark.ts";

export const yarnMaster = "yarn";

/**
 * Throws TARGET_UNSET where spark-submit cannot know the cluster. Left to it: a variable that is set in Spark's own
 * spark-env.sh.
 */
export function refuseWithoutCluster({ home }: Spark, environment: NodeJS.ProcessEnv): void {
  const settings = environment.SPARK_CONF_DIR ?? path.join(home, "conf");
  if (existsSync(path.join(settings, "spark-env.sh"))) return;
  const next = "Set HADOOP_CONF_DIR to the folder with the cluster's yarn-site.xml and core-site.xml.";
  // where spark-submit finds the cluster
  const folder = environment.HADOOP_CONF_DIR || environment.YARN_CONF_DIR;
  if (!folder) {
    throw new UdfError("TARGET_UNSET", {
      what: "the environment variable HADOOP_CONF_DIR is not set, so that YARN is not known",
      where: "the target's master",
      next,
    });
  }
  const file = path.join(folder, "yarn-site.xml");
  if (existsSync(file)) return;
  throw new UdfError("TARGET_UNSET", { what: "YARN's configuration is not there", where: file, next });
}

/** By which a run finds what it has submitted: YARN takes small letters, and 100 of them. */
export function yarnTag(run: string): string {
  return `native-udf-${run}`.toLowerCase().slice(-100);
}
