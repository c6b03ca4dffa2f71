import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { Context } from "./result.ts";

/** A module of its own, as an author makes one; `write` fills its empty folder of sources. `build` gives the artifact. */
export function newModule(
  { project, temporary }: Context,
  name: string,
  write: (folder: string) => void,
): { root: string; build: () => string } {
  const cli = path.join(project, "dist", "cli.js");
  const root = path.join(temporary, name);
  execFileSync(process.execPath, [cli, "new", root, "--template", "blank", "--quiet"], { stdio: "inherit" });
  for (const folder of ["src", "test"]) rmSync(path.join(root, folder), { recursive: true, force: true });
  mkdirSync(path.join(root, "src"));
  write(path.join(root, "src"));
  const build = () => {
    execFileSync(process.execPath, [cli, "build", "--quiet"], { cwd: root, stdio: "inherit" });
    const artifacts = path.join(root, "artifacts");
    const [file] = readdirSync(artifacts).filter((each) => each.endsWith(".udf.so"));
    if (file === undefined) throw new Error(`there is no artifact in ${artifacts}`);
    return path.join(artifacts, file);
  };
  return { root, build };
}
