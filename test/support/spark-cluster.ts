import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Daemon } from "./daemon.ts";
import type { Spark } from "./spark.ts";

/** A standalone cluster on this machine: a master and two workers of one core each. */
export type Cluster = {
  /** `spark://127.0.0.1:…` */
  master: string;
  /** Process ids of the workers' daemons, whose children the executors are. */
  workers: readonly number[];
  /** Holds what the executors write: `worker-1/<application>/<executor>/stderr`. */
  work: string;
  stop(): Promise<void>;
};

const masterClass = "org.apache.spark.deploy.master.Master";
const workerClass = "org.apache.spark.deploy.worker.Worker";
const connectClass = "org.apache.spark.sql.connect.service.SparkConnectServer";

/** Starts a cluster; its work folder goes when it is stopped. */
export async function startCluster(spark: Spark): Promise<Cluster> {
  const folder = mkdtempSync(path.join(tmpdir(), "native-udf-cluster-"));
  const running: Daemon[] = [];
  const start = async (name: string, args: readonly string[], ready: RegExp) => {
    const daemon = ofSpark(spark, "spark-class", [name, ...args]);
    running.push(daemon);
    return daemon.until(ready);
  };
  const stop = async () => {
    await Promise.all(running.map((daemon) => daemon.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const host = ["--host", "127.0.0.1", "--port", "0", "--webui-port", "0"];
    const [, master = ""] = await start(masterClass, host, /Starting Spark master at (spark:\/\/\S+)/);
    const size = ["--cores", "1", "--memory", "1g"];
    const worker = (number: number) => {
      const work = ["--work-dir", path.join(folder, `worker-${number}`), master];
      return start(workerClass, [...host, ...size, ...work], /Successfully registered with master/);
    };
    await Promise.all([worker(1), worker(2)]);
    return { master, workers: running.slice(1).map(({ pid }) => pid), work: folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export type ConnectServer = { url: string; stop(): Promise<void> };

/** Starts a Spark Connect server with a master of its own. */
export async function startConnectServer(spark: Spark, master: string): Promise<ConnectServer> {
  const port = await freePort();
  const settings = {
    "spark.connect.grpc.binding.port": String(port),
    "spark.master": master,
    "spark.ui.enabled": "false",
    // of 2 s, in which a test's job is over
    "spark.connect.progress.reportInterval": "100ms",
  };
  const conf = Object.entries(settings).flatMap(([name, value]) => ["--conf", `${name}=${value}`]);
  const daemon = ofSpark(spark, "spark-submit", ["--class", connectClass, ...conf, "spark-internal"]);
  try {
    await daemon.until(/Spark Connect server started at/);
  } catch (error) {
    await daemon.stop();
    throw error;
  }
  return { url: `sc://127.0.0.1:${port}`, stop: () => daemon.stop() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

function ofSpark({ home, environment }: Spark, program: string, args: readonly string[]): Daemon {
  const command = path.join(home, "bin", program);
  return new Daemon({ command, args, env: { ...environment, SPARK_HOME: home } });
}
