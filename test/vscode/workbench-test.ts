import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { openWorkbench, type ServerOptions } from "./shared.ts";
import type { Workbench } from "./workbench.ts";

type Options = ServerOptions & {
  /** Makes the folder of the window; without it the window is empty. */
  folder?: () => string | Promise<string>;
};

type Run = (workbench: Workbench, folder: string) => Promise<void>;

/**
 * A test in a window of its own. Where it fails, a picture of the window is kept and named, and it is tried once more
 * in a new window: a workbench on a machine that is busy loses a key or a focus now and then, which no user would give
 * up for. What failed at first is told all the same.
 */
export function workbenchTest(title: string, options: Options, run: Run): void {
  test(title, async (context) => {
    try {
      await attempt(title, options, run);
    } catch (error) {
      context.diagnostic(`tried again: ${title}: ${error instanceof Error ? error.message : String(error)}`);
      await attempt(title, options, run);
    }
  });
}

async function attempt(title: string, { folder: makeFolder, ...options }: Options, run: Run): Promise<void> {
  const folder = await makeFolder?.();
  const workbench = await openWorkbench({ folder, ...options });
  try {
    await run(workbench, folder ?? "");
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${message}\nThe window is in ${await picture(workbench, title)}`, { cause: error });
  } finally {
    await workbench.close();
  }
}

/** Outside of the project, and kept. */
async function picture({ page }: Workbench, title: string): Promise<string> {
  const folder = path.join(tmpdir(), "native-udf-failures");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${title.replaceAll(/\W+/g, "-").slice(0, 80)}.png`);
  await page.screenshot({ path: file });
  return file;
}
