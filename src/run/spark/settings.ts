import { chmodSync, writeFileSync } from "node:fs";
import { UdfError } from "../../core/error.ts";
import type { Setting, SparkTarget } from "../../core/target.ts";

/**
 * What makes failures tell their place: whole tracebacks with their causes, and the lines of a Python worker that
 * crashes. Sources: Spark's SQLConf (spark.sql.execution.pyspark.udf.*) and its configuration.md (spark.python.*).
 */
const ownSettings = {
  "spark.python.worker.faulthandler.enabled": "true",
  "spark.sql.execution.pyspark.udf.faulthandler.enabled": "true",
  "spark.sql.execution.pyspark.udf.simplifiedTraceback.enabled": "false",
  "spark.ui.showConsoleProgress": "false",
  // at INFO, what matters drowns
  "spark.log.level": "WARN",
  "spark.executor.syncLogLevel.enabled": "true",
} as const;

/** The settings of a target, those that it says itself over ours. Throws TARGET_UNSET where a variable is not set. */
export function settingsOf({ settings }: SparkTarget, environment: NodeJS.ProcessEnv): Record<string, string> {
  const own = Object.entries(settings).map(([name, value]) => [name, settingOf(name, value, environment)]);
  return { ...ownSettings, ...Object.fromEntries(own) };
}

function settingOf(name: string, value: Setting, environment: NodeJS.ProcessEnv): string {
  if (typeof value !== "object") return String(value);
  return fromEnvironment(value.environment, name, environment);
}

/** Throws TARGET_UNSET. */
export function fromEnvironment(variable: string, what: string, environment: NodeJS.ProcessEnv): string {
  const found = environment[variable];
  if (found !== undefined && found !== "") return found;
  throw new UdfError("TARGET_UNSET", {
    what: `the environment variable ${variable} is not set`,
    where: what,
    next: "Set it, or correct the target in native-udf.json.",
  });
}

/**
 * Writes settings for spark-submit into a file that only its owner can read: on a command line, other people of the
 * machine would see them. Format: java.util.Properties, of which blanks, `=`, `:`, `#`, `!` and `\` mean something.
 */
export function writeProperties(file: string, settings: Readonly<Record<string, string>>): void {
  const lines = Object.entries(settings).map(([name, value]) => `${escaped(name)}=${escaped(value)}\n`);
  writeFileSync(file, lines.join(""), { mode: 0o600 });
  chmodSync(file, 0o600);
}

function escaped(text: string): string {
  return text
    .replaceAll(/[\\=:#! ]/g, (sign) => `\\${sign}`)
    .replaceAll("\n", "\\n")
    .replaceAll(/[^\x20-\x7e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
