import path from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";

/** The project's folder. */
export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");

const program = path.join(projectRoot, "dist", "cli.js");

export type CommandResult = { exitCode: number; stdout: string; stderr: string };

export type CommandOptions = { cwd: string; env?: Record<string, string>; signal?: AbortSignal; input?: string };

/** Runs the real command line, as a user's shell would. Its exit code is a result, not an error. */
export async function nativeUdf(
  args: readonly string[],
  { cwd, env = {}, signal, input }: CommandOptions,
): Promise<CommandResult> {
  const { exitCode, stdout, stderr, failed, shortMessage } = await execa(process.execPath, [program, ...args], {
    cwd,
    env,
    reject: false,
    ...(signal ? { cancelSignal: signal } : {}),
    ...(input === undefined ? {} : { input }),
  });
  if (exitCode === undefined) throw new Error(`${failed ? shortMessage : "no exit code"}\n${stderr}`);
  return { exitCode, stdout, stderr };
}

/** Starts the command line without waiting for it. */
export function startNativeUdf(args: readonly string[], { cwd, env = {} }: CommandOptions) {
  return execa(process.execPath, [program, ...args], { cwd, env, reject: false, buffer: true });
}
