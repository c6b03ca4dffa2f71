import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { atTheDoor, type Manifest } from "../../core/manifest.ts";
import type { Module } from "../../core/module.ts";
import { nodeEnvironment } from "../../toolchain/node-environment.ts";
import { pythonTool } from "../../toolchain/tools.ts";
import type { DoorName } from "./callable.ts";
import { FunctionHost } from "./function-host.ts";

/** A built artifact. */
export type Artifact = { manifest: Manifest; path: string };

export type DoorsOptions = {
  module: Module;
  artifact: Artifact;
  nodePath?: string | undefined;
  /** How long a call may take. */
  limitSeconds: number;
  onOutput?: ((line: string) => void) | undefined;
  signal?: AbortSignal | undefined;
};

/** The same artifact behind two doors. `python` is undefined where there is no Python from 3.10, and `why` says it. */
export type Doors = { node: FunctionHost; python: FunctionHost | undefined; why: string | undefined };

/** Nothing is started before it is asked; `closeDoors` ends it. */
export async function openDoors(options: DoorsOptions): Promise<Doors> {
  const { module, artifact, nodePath = process.execPath, limitSeconds, onOutput, signal } = options;
  const shared = {
    cwd: module.root,
    folder: path.join(module.state, "tests"),
    opening: {
      module: module.name,
      artifact: artifact.path,
      functions: artifact.manifest.functions.map(atTheDoor),
      configs: Object.fromEntries(module.configs.map((file) => [path.basename(file), file])),
    },
    ...{ limitSeconds, onOutput, signal },
  };
  const { found, tried } = await pythonTool.find(signal);
  const node = new FunctionHost({
    ...{
      ...shared,
      door: "Node",
      command: nodePath,
      args: [hostProgram("node-host.js")],
      env: nodeEnvironment(),
    },
  });
  const python =
    found &&
    new FunctionHost({
      ...{
        ...shared,
        door: "Python",
        command: found.path,
        args: ["-I", "-X", "utf8", hostProgram("python-host.py")],
      },
      env: nodeEnvironment(),
    });
  return { node, python, why: found ? undefined : `there is no Python from 3.10 (${tried.join("; ")})` };
}

/** The doors that are there. */
export function hostsOf({ node, python }: Doors): [DoorName, FunctionHost][] {
  const hosts: [DoorName, FunctionHost][] = [["Node", node]];
  if (python) hosts.push(["Python", python]);
  return hosts;
}

export async function closeDoors({ node, python }: Doors): Promise<void> {
  await Promise.all([node.close(), python?.close()]);
}

/** Beside the bundled command line; from the sources, what the build has made. */
function hostProgram(name: string): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const places = [path.join(here, name), path.join(here, "..", "..", "..", "dist", name)];
  const found = places.find((place) => existsSync(place));
  if (!found) throw new Error(`${name} is missing beside ${here}; install native-udf again`);
  return found;
}
