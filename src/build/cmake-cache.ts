import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** What a configured folder was configured with: CMakeCache.txt by name. Undefined where there is none. */
export function readCmakeCache(folder: string): ReadonlyMap<string, string> | undefined {
  const file = path.join(folder, "CMakeCache.txt");
  if (!existsSync(file)) return undefined;
  const entries = readFileSync(file, "utf8").matchAll(/^(?<name>[^#/\n:][^:\n]*):\w+=(?<value>.*)$/gm);
  return new Map([...entries].map(({ groups }) => [groups?.name ?? "", groups?.value ?? ""]));
}

/** The programs and packages that a build takes from where they were when the folder was configured. */
const neededPlaces = ["CMAKE_COMMAND", "CMAKE_CXX_COMPILER", "UDF_NODE_ADDON_API", "UDF_NODE_API_HEADERS"];

/**
 * True when the folder can be built in as it is; cmake configures it again by itself when a CMake file has changed.
 * False also where a program or package has moved since, as an update of either does.
 */
export function isConfigured(folder: string): boolean {
  const cache = readCmakeCache(folder);
  if (!cache || !["build.ninja", "Makefile"].some((file) => existsSync(path.join(folder, file)))) return false;
  return neededPlaces.every((name) => {
    const place = cache.get(name);
    return !place || !path.isAbsolute(place) || existsSync(place);
  });
}

/**
 * The command that brings the folder up to date; ninja is started without cmake between, which saves a process. By itself
 * ninja runs more compilers than there are cores, and the longest one, which all wait for, gets less than a core.
 */
export function buildCommand(folder: string, parallel: number): { command: string; args: string[] } {
  const cache = readCmakeCache(folder);
  const ninja = ninjaOf(folder);
  if (ninja) return { command: ninja, args: ["-C", folder, "-j", String(parallel)] };
  return { command: cache?.get("CMAKE_COMMAND") ?? "cmake", args: ["--build", folder, "--parallel", String(parallel)] };
}

/** Path of the ninja that builds in the folder; undefined where make does, or where it has gone. */
export function ninjaOf(folder: string): string | undefined {
  const cache = readCmakeCache(folder);
  const program = cache?.get("CMAKE_GENERATOR") === "Ninja" ? cache.get("CMAKE_MAKE_PROGRAM") : undefined;
  return program && existsSync(program) ? program : undefined;
}
