import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runTool } from "../../src/toolchain/run-tool.ts";
import { cacheFolder } from "./cache-folder.ts";

/** Hadoop's daemons for tests, of the version whose clients Spark 4.3 brings, and what they use beyond Spark's own jars. */
const artifacts = [
  "org.apache.hadoop:hadoop-client-minicluster:3.5.0",
  "org.junit.jupiter:junit-jupiter-api:5.13.4",
  "org.bouncycastle:bcprov-jdk18on:1.82",
  "org.bouncycastle:bcpkix-jdk18on:1.82",
  "org.bouncycastle:bcutil-jdk18on:1.82",
];
const copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";

/** A folder with the jars, got once with Maven into the user's cache; two processes at once give the first one's to both. */
export async function hadoopJars(): Promise<string> {
  const folder = path.join(cacheFolder(), "hadoop-minicluster-3.5.0_junit-5.13.4_bouncycastle-1.82");
  if (existsSync(folder)) return folder;
  mkdirSync(path.dirname(folder), { recursive: true });
  const temporary = mkdtempSync(`${folder}.`);
  try {
    const project = path.join(temporary, "pom.xml");
    const jars = path.join(temporary, "jars");
    writeFileSync(project, pom);
    const args = [
      "--batch-mode",
      "--quiet",
      "--file",
      project,
      copy,
      "-DexcludeTransitive",
      `-DoutputDirectory=${jars}`,
    ];
    await maven([...args, `-Dmaven.repo.local=${path.join(temporary, "repository")}`]);
    // another process may have been faster
    if (!existsSync(folder)) renameSync(jars, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}

async function maven(args: readonly string[]): Promise<void> {
  const command = "mvn";
  const { exitCode, stdout, stderr } = await runTool({ command, args }).catch((cause: unknown) => {
    throw new Error("these tests need Maven (mvn) on the PATH, and Java 17 or 21: install them", { cause });
  });
  if (exitCode !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}\n${stderr}`);
}

const dependencies = artifacts.map((artifact) => {
  const [group, name, version] = artifact.split(":");
  return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
});

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>native-udf</groupId><artifactId>tests</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>${dependencies.join("")}</dependencies>
</project>
`;
