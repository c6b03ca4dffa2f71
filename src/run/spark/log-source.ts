/** Where one executor's log is read from. */
export type LogSource = {
  /** What is asked for, as a user may open it. */
  readonly url: URL;
  /** What is there from this byte on; undefined where nothing is. Throws what kept it from being read. */
  read(offset: number, signal: AbortSignal): Promise<LogPart | undefined>;
};

export type LogPart = {
  text: Buffer;
  /** Where the text begins: behind the byte that was asked for where there was too much since. */
  offset: number;
  /** More is there already. */
  more: boolean;
};

/** The machine has answered, and does not give the log: it can be asked again without a wait. */
export class LogRefused extends Error {}

const answerMilliseconds = 5000;

/** The bytes at an address. Throws where the answer is none. */
export async function bytesOf(url: URL, signal: AbortSignal): Promise<Buffer> {
  // not AbortSignal.any(): Node 20 keeps something of each call for as long as the signal lives
  const ended = new AbortController();
  const stop = () => ended.abort(signal.reason);
  const late = new Error(`no answer came within ${answerMilliseconds / 1000} seconds`);
  const timer = setTimeout(() => ended.abort(late), answerMilliseconds);
  signal.addEventListener("abort", stop);
  try {
    signal.throwIfAborted();
    const response = await fetch(url, { signal: ended.signal });
    const bytes = Buffer.from(await response.arrayBuffer());
    if (!response.ok) throw new LogRefused(`the answer is ${response.status} ${response.statusText}`);
    return bytes;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
