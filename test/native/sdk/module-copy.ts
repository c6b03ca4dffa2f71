import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../support/command-line.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const template = path.join(projectRoot, "native-template");
const cmakeJs = path.join(projectRoot, "node_modules", "cmake-js", "bin", "cmake-js");

/** A copy of native-template in a new folder, as an author has it after `npm install`. */
export function copyTemplate(name: string): string {
  const folder = path.join(temporaryFolder(`sdk-${name}`), "module");
  const left = new Set(["blank", "build", "data", "node_modules", "artifacts", "stubs", "out", ".native-udf"]);
  cpSync(template, folder, { recursive: true, filter: (source) => !left.has(path.relative(template, source)) });
  symlinkSync(path.join(projectRoot, "node_modules"), path.join(folder, "node_modules"));
  return folder;
}

/** A copy whose sources are those of a folder beside this file; the module is named as the folder. */
export function copyWithSources(name: string): string {
  const folder = copyTemplate(name);
  rmSync(path.join(folder, "src"), { recursive: true });
  cpSync(path.join(import.meta.dirname, name), path.join(folder, "src"), { recursive: true });
  cpSync(path.join(folder, "src", "CMakeLists.txt"), path.join(folder, "CMakeLists.txt"));
  return folder;
}

/** Builds by cmake-js alone, with an empty HOME, so that nothing of the user's settings helps. Gives the object's path. */
export async function buildAlone(folder: string, module: string, args: readonly string[] = []): Promise<string> {
  const home = `${folder}-home`;
  mkdirSync(home, { recursive: true });
  const { exitCode, all } = await execa(process.execPath, [cmakeJs, "build", ...args], {
    cwd: folder,
    env: { HOME: home, PATH: process.env.PATH ?? "", LC_ALL: "C" },
    extendEnv: false,
    reject: false,
    all: true,
  });
  if (exitCode !== 0) throw new BuildFailure(all);
  return path.join(folder, "build", `${module}.udf.so`);
}

/** What the build printed is in `log`. */
export class BuildFailure extends Error {
  readonly log: string;
  constructor(log: string) {
    super(`the module does not build:\n${log}`);
    this.log = log;
  }
}
