import { fileURLToPath } from "node:url";
import { execa } from "execa";
import * as z from "zod";
import { projectRoot } from "../support/command-line.ts";

/** The last line of build-once.ts: parts of a manifest, or of an error. */
const endSchema = z.object({ sha256: z.string(), code: z.string(), message: z.string() }).partial();

/** Builds the module in another process, with changes to the environment. Gives the steps it told of, and how it ended. */
export async function buildElsewhere(root: string, env: Record<string, string>) {
  const program = fileURLToPath(new URL("build-once.ts", import.meta.url));
  const { stdout } = await execa(process.execPath, ["--import", "tsx", program, root], {
    cwd: projectRoot,
    env,
    reject: false,
  });
  const lines = stdout.split("\n");
  return { ...endSchema.parse(JSON.parse(lines.at(-1) ?? "")), steps: lines.slice(0, -1) };
}
