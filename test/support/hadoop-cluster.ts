import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import * as z from "zod";
import { Daemon } from "./daemon.ts";
import { hadoopJars } from "./hadoop-jars.ts";
import type { Spark } from "./spark.ts";

const addressesSchema = z.object({
  hdfs: z.string(),
  nameNode: z.url(),
  resourceManager: z.string(),
  scheduler: z.string(),
  web: z.url(),
});

/** What a resource manager says of an application, at /ws/v1/cluster/apps. */
const applicationsSchema = z.object({
  apps: z
    .object({
      app: z.array(
        z.object({
          id: z.string(),
          state: z.string(),
          finalStatus: z.string(),
          runningContainers: z.number(),
          user: z.string(),
        }),
      ),
    })
    .nullable(),
});

export type Application = NonNullable<z.infer<typeof applicationsSchema>["apps"]>["app"][number];

/** YARN with two node managers and HDFS with one data node, all on this machine. */
export type Hadoop = {
  /** `hdfs://localhost:…` */
  hdfs: string;
  /** A folder for HADOOP_CONF_DIR. Paths without a scheme are of HDFS then, as on most clusters. */
  configuration: string;
  /** The applications of YARN, the newest last. */
  applications(): Promise<Application[]>;
  /** Writes a file of HDFS. */
  write(file: string, bytes: Uint8Array): Promise<void>;
  read(file: string): Promise<Buffer>;
  /** Names in a folder of HDFS, sorted. */
  list(folder: string): Promise<string[]>;
  stop(): Promise<void>;
};

/** Starts both; their folder goes when they are stopped. */
export async function startHadoop({ home, environment }: Spark): Promise<Hadoop> {
  const jars = await hadoopJars();
  const folder = mkdtempSync(path.join(tmpdir(), "native-udf-hadoop-"));
  const java = environment.JAVA_HOME === undefined ? "java" : path.join(environment.JAVA_HOME, "bin", "java");
  const classes = [jars, path.join(home, "jars")].map((each) => path.join(each, "*")).join(path.delimiter);
  const program = path.join(import.meta.dirname, "hadoop", "MiniHadoop.java");
  const daemon = new Daemon({ command: java, args: ["-cp", classes, program, folder], env: environment });
  const stop = async () => {
    await daemon.stopByInput();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [line] = await daemon.until(/^\{.*\}$/);
    const addresses = addressesSchema.parse(JSON.parse(line));
    const yarn = {
      "yarn.resourcemanager.address": addresses.resourceManager,
      "yarn.resourcemanager.scheduler.address": addresses.scheduler,
      "yarn.resourcemanager.webapp.address": new URL(addresses.web).host,
      "yarn.application.classpath": "",
    };
    const core = { "fs.defaultFS": addresses.hdfs };
    const configuration = writeConfiguration(path.join(folder, "configuration"), { yarn, core });
    return {
      ...{ hdfs: addresses.hdfs, configuration, stop },
      ...hdfsFiles(addresses.nameNode),
      applications: () => applications(addresses.web),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Sites = Readonly<Record<"yarn" | "core", Readonly<Record<string, string>>>>;

function writeConfiguration(folder: string, sites: Sites): string {
  mkdirSync(folder);
  for (const [site, settings] of Object.entries(sites)) {
    const properties = Object.entries(settings).map(
      ([name, value]) => `  <property><name>${name}</name><value>${value}</value></property>\n`,
    );
    writeFileSync(path.join(folder, `${site}-site.xml`), `<configuration>\n${properties.join("")}</configuration>\n`);
  }
  return folder;
}

async function applications(web: string): Promise<Application[]> {
  const response = await fetch(new URL("/ws/v1/cluster/apps", web));
  const { apps } = applicationsSchema.parse(await response.json());
  return (apps?.app ?? []).toSorted((left, right) => left.id.localeCompare(right.id));
}

const listingSchema = z.object({
  FileStatuses: z.object({ FileStatus: z.array(z.object({ pathSuffix: z.string() })) }),
});

/** The status of the answer. Not with fetch(), which takes the data node's "100 Continue" for the answer. */
async function put(url: string, bytes: Uint8Array): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: "PUT" }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve(answer.statusCode));
    });
    asking.once("error", reject).end(bytes);
  });
}

/** Over HDFS' own HTTP door, WebHDFS. */
function hdfsFiles(nameNode: string): Pick<Hadoop, "write" | "read" | "list"> {
  const ask = async (file: string, operation: string, init: RequestInit = {}) => {
    const url = new URL(`/webhdfs/v1${file}?user.name=${userInfo().username}&op=${operation}`, nameNode);
    const response = await fetch(url, init);
    if (!response.ok) throw new Error(`${url.href}: ${response.status} ${await response.text()}`);
    return response;
  };
  return {
    write: async (file, bytes) => {
      // the name node's answer names the data node that takes the bytes
      const asked = await ask(file, "CREATE&overwrite=true&noredirect=true", { method: "PUT" });
      const { Location: location } = z.object({ Location: z.url() }).parse(await asked.json());
      const status = await put(location, bytes);
      if (status !== 201) throw new Error(`${location}: ${status}`);
    },
    read: async (file) => Buffer.from(await (await ask(file, "OPEN")).arrayBuffer()),
    list: async (folder) => {
      const { FileStatuses } = listingSchema.parse(await (await ask(folder, "LISTSTATUS")).json());
      return FileStatuses.FileStatus.map(({ pathSuffix }) => pathSuffix).toSorted();
    },
  };
}
