import { messageOf, UdfError } from "../../core/error.ts";
import { type ArtifactDescription, artifactDescriptionSchema } from "../../core/manifest.ts";
import { nodeEnvironment } from "../../toolchain/node-environment.ts";
import { runTool } from "../../toolchain/run-tool.ts";

/** Runs in a process of its own: the artifact is the author's code, and a crash in it must not be ours. */
const program =
  "const module = { exports: {} };" +
  "process.dlopen(module, process.argv[1]);" +
  "process.stdout.write(module.exports.describe());";

/** Asks a built object which functions it has. Throws ARTIFACT_MISMATCH where it cannot be loaded or says nothing sensible. */
export async function describeArtifact(file: string, signal?: AbortSignal): Promise<ArtifactDescription> {
  const { exitCode, signalName, stdout, stderr } = await runTool({
    command: process.execPath,
    args: ["--eval", program, file],
    env: nodeEnvironment(),
    signal,
  });
  if (exitCode !== 0) {
    const reason = /^Error: (.*)$/m.exec(stderr)?.[1] ?? `it ended with ${signalName ?? `exit code ${exitCode}`}`;
    throw refused(file, `the built object cannot be loaded: ${reason}`, stderr.trim());
  }
  try {
    return artifactDescriptionSchema.parse(JSON.parse(stdout));
  } catch (cause) {
    throw refused(file, `the built object does not describe itself as expected: ${messageOf(cause)}`, stdout, cause);
  }
}

function refused(where: string, what: string, details: string, cause?: unknown): UdfError {
  return new UdfError("ARTIFACT_MISMATCH", {
    what,
    where,
    next: "Look at what runs at load time in the module (registration, global objects).",
    details,
    cause,
  });
}
