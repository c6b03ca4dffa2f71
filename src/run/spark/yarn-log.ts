import { bytesOf, type LogPart, type LogSource } from "./log-source.ts";

const page = /^(.*)\/node\/containerlogs\/([^/]+)\/[^/]+\/([^/]+)\/?$/;
/** What stands before the text. Source: Hadoop's yarn/logaggregation/LogToolUtils.java, `outputContainerLog`. */
const header = /^Container: [\s\S]*?\nLogLength:(\d+)\nLogContents:\n/;

/** What is asked for where nothing is known to be new: YARN tells how long the log is with its last bytes only. */
const fewBytes = 4096;
const mostBytes = 16 << 20;

/**
 * The log of an executor's container as YARN's node manager gives it, out of its REST interface: the page for people,
 * which Spark names for each executor, counts characters and is HTML. Undefined for pages of other kinds of clusters.
 */
export function yarnLog(shown: URL): LogSource | undefined {
  const [, root, container, file] = page.exec(shown.pathname) ?? [];
  if (container === undefined || file === undefined) return undefined;
  const url = new URL(`${root}/ws/v1/node/containers/${container}/logs/${file}`, shown);
  return { url, read: (offset, signal) => read(url, offset, signal) };
}

async function read(log: URL, offset: number, signal: AbortSignal): Promise<LogPart | undefined> {
  for (let wanted = fewBytes; ; ) {
    const url = new URL(log);
    url.searchParams.set("size", String(-wanted));
    const bytes = await bytesOf(url, signal);
    const match = header.exec(bytes.subarray(0, 4096).toString("latin1"));
    if (!match) return undefined;
    const length = Number(match[1]);
    if (length <= offset) return undefined;
    const begin = Math.max(0, length - wanted);
    if (begin <= offset || wanted >= mostBytes) {
      const first = Math.max(begin, offset);
      // behind the log stands a line of YARN's
      const text = bytes.subarray(match[0].length).subarray(first - begin, length - begin);
      return { text, offset: first, more: false };
    }
    // it grows while it is asked for
    wanted = Math.min(mostBytes, length - offset + fewBytes);
  }
}
