import { PassThrough } from "node:stream";
import { formatLocation, type Location } from "../../core/diagnostic.ts";
import { messageOf, UdfError } from "../../core/error.ts";
import { type ArtifactDescription, artifactDescriptionSchema } from "../../core/manifest.ts";
import { nodeEnvironment } from "../../toolchain/node-environment.ts";
import { runTool, type ToolResult } from "../../toolchain/run-tool.ts";

/** Reads the path of an object and says what the object says of itself. */
const program = `
let file = "";
process.stdin.setEncoding("utf8").on("data", (text) => (file += text)).on("end", () => {
  if (file === "") return;
  const module = { exports: {} };
  process.dlopen(module, file);
  process.stdout.write(module.exports.describe());
});`;

/**
 * A process that describes one object. It is one of its own, since the artifact is the author's code, and a crash in
 * that must not be ours. It can be started before there is an object, so that its start costs no time after the build.
 */
export class Describer {
  readonly #input = new PassThrough();
  readonly #running: Promise<ToolResult>;

  /** `environment` is what the object needs to be loaded. */
  constructor({ signal, environment }: { signal?: AbortSignal | undefined; environment: Record<string, string> }) {
    this.#running = runTool({
      command: process.execPath,
      args: ["--eval", program],
      env: nodeEnvironment(environment),
      signal,
      input: this.#input,
    });
    // whoever describes or closes is told; until then nobody listens
    this.#running.catch(() => undefined);
  }

  /**
   * Asks the object which functions it has. Throws ARTIFACT_MISMATCH, at the author's line `place`, if it cannot be
   * loaded or says nothing sensible.
   */
  async describe(file: string, place: Location): Promise<ArtifactDescription> {
    this.#input.end(file);
    return descriptionIn(await this.#running, { file, place });
  }

  /** Ends the process, asked or not. */
  async close(): Promise<void> {
    this.#input.end();
    await Promise.allSettled([this.#running]);
  }
}

function descriptionIn(
  { exitCode, signalName, stdout, stderr }: ToolResult,
  { file, place }: { file: string; place: Location },
): ArtifactDescription {
  if (exitCode !== 0) {
    const said = /^Error: (.*)$/m.exec(stderr)?.[1]?.replace(`${file}: `, "");
    const ended = signalName
      ? `its code died of ${signalName}`
      : `its code ended the process with exit code ${exitCode}`;
    throw refused({ place, what: `the built object cannot be loaded: ${said ?? ended}`, details: stderr.trim() });
  }
  try {
    return artifactDescriptionSchema.parse(JSON.parse(stdout));
  } catch (cause) {
    const what = `the built object does not describe itself as expected: ${messageOf(cause)}`;
    throw refused({ place, what, details: stdout, cause });
  }
}

function refused(parts: { place: Location; what: string; details: string; cause?: unknown }): UdfError {
  const { place: location, what, details, cause } = parts;
  return new UdfError("ARTIFACT_MISMATCH", {
    ...{ what, where: formatLocation(location), details, cause },
    diagnostics: [{ severity: "error", origin: "load", message: what, location, related: [], details }],
    next: "Look at what runs at load time in the module (registration, global objects).",
  });
}
