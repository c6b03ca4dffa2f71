import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { onPath } from "../../src/toolchain/on-path.ts";
import { runTool } from "../../src/toolchain/run-tool.ts";

/** Packages of the tests, pinned. */
const packages = ["pyarrow==21.0.0", "mypy==1.18.2"];

export type Python = { command: string; version: string };

/** Every Python from 3.10 that is on the PATH and runs, newest last; the one that `python3` means comes first. */
export async function pythons(): Promise<Python[]> {
  const names = ["python3", ...Array.from({ length: 12 }, (_, index) => `python3.${index + 10}`)];
  const found: Python[] = [];
  for (const name of names) {
    const command = onPath(name);
    if (!command) continue;
    const { exitCode, stdout } = await runTool({
      command,
      args: ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
    });
    const version = stdout.trim();
    if (exitCode !== 0 || Number(version.split(".")[1]) < 10) continue;
    if (!found.some((other) => other.version === version)) found.push({ command, version });
  }
  return found;
}

/**
 * A folder with the tests' packages for one Python, installed once into the user's cache. Two processes at once each
 * install into a folder of their own; the first to finish gives its to both.
 */
export async function pythonPackages({ command, version }: Python): Promise<string> {
  const cache = process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache");
  const key = packages.map((name) => name.replace("==", "-")).join("_");
  const folder = path.join(cache, "native-udf", `python-${version}-${key}`);
  if (existsSync(folder)) return folder;
  const temporary = `${folder}.${process.pid}`;
  mkdirSync(path.dirname(folder), { recursive: true });
  const { exitCode, stderr } = await runTool({
    command,
    args: ["-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--target", temporary, ...packages],
  });
  if (exitCode !== 0)
    throw new Error(`pip cannot install ${packages.join(", ")}; is python3-pip installed?\n${stderr}`);
  try {
    renameSync(temporary, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}
