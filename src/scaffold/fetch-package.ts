import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { UdfError } from "../core/error.ts";
import { runTool } from "../toolchain/run-tool.ts";

type Options = { name: string; version: string; signal?: AbortSignal | undefined };

/**
 * Gets one version of an npm package into the user's cache folder, once, and gives its folder. Nothing of the package is
 * run. Throws TOOL_MISSING (npm, tar), TOOL_FAILED where npm does not get it.
 */
export async function fetchPackage({ name, version, signal }: Options): Promise<string> {
  const cache = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache"), "native-udf", "packages");
  const folder = path.join(cache, `${name.replaceAll("/", "-")}-${version}`);
  if (existsSync(folder)) return folder;
  const temporary = path.join(cache, `.${randomUUID()}`);
  mkdirSync(temporary, { recursive: true });
  try {
    const retries = ["--fetch-retries=0", "--fetch-timeout=60000"];
    await run({
      command: "npm",
      args: ["pack", `${name}@${version}`, "--ignore-scripts", ...retries],
      cwd: temporary,
      signal,
    });
    const [archive = ""] = readdirSync(temporary);
    // npm puts everything below package/
    await run({ command: "tar", args: ["-xzf", archive], cwd: temporary, signal });
    try {
      renameSync(path.join(temporary, "package"), folder);
    } catch (error) {
      if (!existsSync(folder)) throw error; // another process was first
    }
    return folder;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function run(options: { command: string; args: string[]; cwd: string; signal: AbortSignal | undefined }) {
  const { exitCode, stderr } = await runTool(options);
  if (exitCode === 0) return;
  throw new UdfError("TOOL_FAILED", {
    what: `${options.command} ${options.args.slice(0, 2).join(" ")} ended with exit code ${exitCode}`,
    next: "Look whether the network and the npm registry can be reached.",
    details: stderr,
  });
}
