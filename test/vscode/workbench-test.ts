import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { openWorkbench } from "./shared.ts";
import type { Workbench } from "./workbench.ts";

type Options = {
  /** Makes the folder of the window; without it the window is empty. */
  folder?: () => string | Promise<string>;
  trust?: "every folder" | "ask";
};

/** A test in a window of its own. Where it fails, a picture of the window is kept and named. */
export function workbenchTest(
  title: string,
  options: Options,
  run: (workbench: Workbench, folder: string) => Promise<void>,
): void {
  test(title, async () => {
    const folder = await options.folder?.();
    const workbench = await openWorkbench({ folder, trust: options.trust });
    try {
      await run(workbench, folder ?? "");
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`${message}\nThe window is in ${await picture(workbench, title)}`, { cause: error });
    } finally {
      await workbench.close();
    }
  });
}

/** Outside of the project, and kept. */
async function picture({ page }: Workbench, title: string): Promise<string> {
  const folder = path.join(tmpdir(), "native-udf-failures");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${title.replaceAll(/\W+/g, "-").slice(0, 80)}.png`);
  await page.screenshot({ path: file });
  return file;
}
