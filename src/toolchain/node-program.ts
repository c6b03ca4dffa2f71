import { statSync } from "node:fs";
import { UdfError } from "../core/error.ts";
import { nodeEnvironment } from "./node-environment.ts";
import { onPath } from "./on-path.ts";
import { acceptFrom } from "./probe.ts";
import { runTool } from "./run-tool.ts";

/** The oldest Node that runs workers; package.json says the same in `engines`. */
export const oldestNode = "20.17";

/** What no other program prints. */
const question = "'node ' + process.versions.node";

/**
 * Throws TOOL_MISSING where a program that somebody chose to run workers with is no Node, or too old. `where` names the
 * choice, such as a setting with its value.
 */
export async function requireNode(file: string, where: string, signal?: AbortSignal): Promise<void> {
  const refused = (what: string) =>
    new UdfError("TOOL_MISSING", { what, where, next: "Give the path of a Node program, or none at all." });
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw refused("there is no such file");
  if (found.isDirectory()) throw refused("it is a folder, not a program");
  if (onPath(file) === undefined) throw refused("it is no program that can be run");
  const { exitCode, stdout } = await runTool({
    ...{ command: file, args: ["--print", question], env: nodeEnvironment(), signal },
  }).catch(() => ({ exitCode: null, stdout: "" })); // a text without a first line that names its interpreter
  const version = /^node (\d+(?:\.\d+)+)/.exec(stdout)?.[1];
  if (exitCode !== 0 || version === undefined) throw refused("it is a program, but no Node");
  const accepted = acceptFrom(version, oldestNode);
  if (!accepted.accepted) throw refused(`this Node is too old: ${accepted.reason}`);
}
