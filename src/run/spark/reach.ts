import { connect } from "node:net";
import { UdfError } from "../../core/error.ts";
import type { SparkTarget } from "../../core/target.ts";

/** A host that is there answers within milliseconds; one behind a firewall that drops everything never does. */
const answerMilliseconds = 10_000;
const connectPort = 15002;
/** Variables by which gRPC goes through a proxy: then it is the proxy that must be reached. */
const proxies = ["grpc_proxy", "https_proxy", "http_proxy"];

type Address = { host: string; port: number };
type Wanted = { target: SparkTarget; environment: NodeJS.ProcessEnv; signal: AbortSignal };

/**
 * Says at once that nothing listens where the target is: Spark itself tries again for one minute, and Spark Connect for
 * many. Throws CLUSTER_FAILED. What is no such URL (`local[2]`, `yarn`) is left to Spark.
 */
export async function refuseUnreachable({ target, environment, signal }: Wanted): Promise<void> {
  const { connect: server, master } = target;
  if (server !== undefined && proxies.some((name) => environment[name] ?? environment[name.toUpperCase()])) return;
  const url = server ?? master ?? "";
  const addresses = addressesOf(url);
  if (addresses.length === 0) return;
  const failures = await Promise.all(addresses.map((address) => failureAt(address, signal)));
  signal.throwIfAborted();
  if (failures.some((failure) => failure === undefined)) return;
  const [what, field] = server === undefined ? ["Spark master", "master"] : ["Spark Connect server", "connect"];
  throw new UdfError("CLUSTER_FAILED", {
    what: `no ${what} answers at ${addresses.map(shown).join(", ")}: ${failures[0]}`,
    next: `Start it there, or correct the target's "${field}".`,
  });
}

/** Where one of them must listen: `spark://a:7077,b:7077` has two masters, `sc://a` a usual port. */
export function addressesOf(url: string): Address[] {
  const place = /^(?:spark|sc):\/\/([^/;?]+)/.exec(url)?.[1];
  if (place === undefined) return [];
  return place.split(",").flatMap((each) => {
    const { host, port } = /^(?<host>\[[^\]]+\]|[^:[\]]+)(?::(?<port>\d+))?$/.exec(each)?.groups ?? {};
    const number = Number(port ?? (url.startsWith("sc:") ? connectPort : Number.NaN));
    return host && number > 0 && number < 65_536 ? [{ host: host.replaceAll(/[[\]]/g, ""), port: number }] : [];
  });
}

function shown({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Undefined where something listens. */
async function failureAt(address: Address, signal: AbortSignal): Promise<string | undefined> {
  const limit = AbortSignal.timeout(answerMilliseconds);
  return new Promise((resolve) => {
    const socket = connect(address);
    const end = (failure: string | undefined) => {
      socket.destroy();
      resolve(failure);
    };
    const stop = AbortSignal.any([signal, limit]);
    if (stop.aborted) end("cancelled");
    stop.addEventListener("abort", () => end(`no answer within ${answerMilliseconds / 1000} s`), { once: true });
    socket.once("connect", () => end(undefined));
    socket.once("error", (error: NodeJS.ErrnoException) => end(reasons[error.code ?? ""] ?? error.message));
  });
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection is refused",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the name of the host cannot be looked up",
  EHOSTUNREACH: "there is no way to the host",
  ENETUNREACH: "there is no way to its network",
  ETIMEDOUT: "it does not answer",
};
