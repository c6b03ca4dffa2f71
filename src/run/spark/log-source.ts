/** Where one executor's log is read from. */
export type LogSource = {
  /** What is asked for, as a user may open it. */
  readonly url: URL;
  /** What is there from this byte on; undefined where nothing is. Throws what kept it from being read. */
  read(offset: number): Promise<LogPart | undefined>;
};

export type LogPart = {
  text: Buffer;
  /** Where the text begins: behind the byte that was asked for where there was too much since. */
  offset: number;
  /** More is there already. */
  more: boolean;
};

const answerMilliseconds = 5000;

/** The bytes at an address. Throws where the answer is none. */
export async function bytesOf(url: URL): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(answerMilliseconds) });
  const bytes = Buffer.from(await response.arrayBuffer());
  if (!response.ok) throw new Error(`the answer is ${response.status} ${response.statusText}`);
  return bytes;
}
