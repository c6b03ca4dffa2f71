import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";

/** Where a command lies: on the PATH of this process, or at the path that it is. Undefined where it cannot be run. */
export function onPath(command: string): string | undefined {
  if (command.includes(path.sep)) return isProgram(command) ? path.resolve(command) : undefined;
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => path.resolve(folder, command)).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
