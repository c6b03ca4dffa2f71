import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { runTool } from "../../src/toolchain/run-tool.ts";
import { cacheFolder } from "./cache-folder.ts";

/** Packages of the tests, pinned; both have wheels for Python 3.10 to 3.14. */
const packages = ["pyarrow==21.0.0", "mypy==1.18.2"];

export type Python = { command: string; version: string };

/** Every Python from 3.10 that is on the PATH and runs; the one that `python3` means comes first. Throws where there is none. */
export async function pythons(): Promise<Python[]> {
  const names = ["python3", ...Array.from({ length: 12 }, (_, index) => `python3.${index + 10}`)];
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  const commands = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  const found: Python[] = [];
  for (const command of commands.filter((file) => existsSync(file))) {
    const { exitCode, stdout } = await runTool({
      command,
      args: ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
    });
    const version = stdout.trim();
    // a shim of a version manager may lie on the PATH without the Python that it stands for
    if (exitCode !== 0 || Number(version.split(".")[1]) < 10) continue;
    if (!found.some((other) => other.version === version)) found.push({ command, version });
  }
  if (found.length === 0) throw new Error("these tests need Python 3.10 or later on the PATH: install python3");
  return found;
}

/**
 * A folder with the tests' packages for one Python, installed once into the user's cache. Two processes at once each
 * install into a folder of their own; the first to finish gives its to both.
 */
export async function pythonPackages({ command, version }: Python): Promise<string> {
  const key = packages.map((name) => name.replace("==", "-")).join("_");
  const cache = cacheFolder();
  const folder = path.join(cache, `python-${version}-${process.arch}-${key}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(path.join(cache, ".python-"));
  try {
    const installed = path.join(temporary, "packages");
    await install({ python: command, into: installed, temporary });
    renameUnlessThere(installed, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}

/** With the Python's own pip, or one in a virtual environment. */
async function install({ python, into, temporary }: { python: string; into: string; temporary: string }) {
  const environment = path.join(temporary, "environment");
  const installer = (await succeeds(python, ["-m", "pip", "--version"]))
    ? python
    : (await succeeds(python, ["-m", "venv", environment]))
      ? path.join(environment, "bin", "python")
      : undefined;
  if (!installer) throw new Error(`these tests need pip for ${python}: install python3-pip or python3-venv`);
  const { exitCode, stderr } = await runTool({
    command: installer,
    args: ["-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--target", into, ...packages],
  });
  if (exitCode !== 0) throw new Error(`pip could not install ${packages.join(", ")} for ${python}:\n${stderr}`);
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  return (await runTool({ command, args })).exitCode === 0;
}

function renameUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}
