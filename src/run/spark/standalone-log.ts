import { bytesOf, type LogPart, type LogSource } from "./log-source.ts";

const mostBytes = 1 << 20;
/** What stands before the text. Source: Spark's deploy/worker/ui/LogPage.scala, `renderLog`. */
const header = /^==== Bytes (\d+)-(\d+) of (\d+) of [^\n]*====\n/;

/**
 * The log of an executor as the worker of a standalone cluster gives it: the page `log` beside the page for people, which
 * Spark names for each executor. Undefined for pages of other kinds of clusters.
 */
export function standaloneLog(page: URL): LogSource | undefined {
  if (!/\/logPage\/?$/.test(page.pathname)) return undefined;
  const url = new URL(page);
  url.pathname = url.pathname.replace(/\/logPage\/?$/, "/log/");
  return { url, read: (offset, signal) => read(url, offset, signal) };
}

async function read(log: URL, offset: number, signal: AbortSignal): Promise<LogPart | undefined> {
  const url = new URL(log);
  url.searchParams.set("offset", String(offset));
  url.searchParams.set("byteLength", String(mostBytes));
  const bytes = await bytesOf(url, signal);
  const match = header.exec(bytes.subarray(0, 4096).toString("utf8"));
  if (!match) return undefined;
  const [begin = 0, end = 0, total = 0] = match.slice(1).map(Number);
  if (end <= offset) return undefined;
  const text = bytes.subarray(Buffer.byteLength(match[0])).subarray(Math.max(0, offset - begin));
  // an executor that is ending may give less than it says
  return { text, offset, more: Math.min(end, offset + text.length) < total };
}
