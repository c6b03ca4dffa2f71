import { appendFileSync } from "node:fs";
import { commands } from "./commands.ts";
import type { HostTest } from "./host-test.ts";
import { modules } from "./modules.ts";

const tests: Readonly<Record<string, HostTest>> = { ...commands, ...modules };

/** A test that takes longer waits for something that never comes, such as an answer of a user. */
const limitMilliseconds = 180_000;

/**
 * Called by VS Code in its extension host. Writes one line of JSON for each test into the file that the environment
 * names, since not every VS Code hands on what is printed here.
 */
export async function run(): Promise<void> {
  const file = process.env.NATIVE_UDF_HOST_RESULTS;
  if (file === undefined) throw new Error("NATIVE_UDF_HOST_RESULTS is not set");
  for (const [title, test] of Object.entries(tests)) {
    const error = await limited(test()).then(
      () => undefined,
      (cause: unknown) => (cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)),
    );
    appendFileSync(file, `${JSON.stringify({ title, error })}\n`);
  }
  appendFileSync(file, `${JSON.stringify({ end: true })}\n`);
}

async function limited(running: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${limitMilliseconds / 1000} s`)), limitMilliseconds);
  });
  try {
    await Promise.race([running, limit]);
  } finally {
    clearTimeout(timer);
  }
}
