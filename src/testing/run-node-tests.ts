import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { BundleError } from "../bundle/bundle-error.ts";
import { bundleTypescript } from "../bundle/bundle-typescript.ts";
import { UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";
import { nodeEnvironment } from "../toolchain/node-environment.ts";
import { runTool } from "../toolchain/run-tool.ts";
import { testFileEnding } from "./list-test-files.ts";
import { type TestEvent, testEventSchema } from "./test-events.ts";

export type NodeTestOptions = {
  module: Module;
  /** Those to run, from the module's folder. */
  files: readonly string[];
  /** Only tests whose name matches this regular expression, as node --test-name-pattern takes it. */
  namePattern?: string | undefined;
  nodePath?: string | undefined;
  signal?: AbortSignal | undefined;
  onEvent: (event: TestEvent) => void;
  /** What the tests print. */
  onOutput?: ((line: string) => void) | undefined;
};

/**
 * Runs tests with node:test, each file in a process of its own, so that a crash costs one file. The stubs must be up to
 * date. Throws TEST_INVALID with the author's line, TOOL_FAILED.
 */
export async function runNodeTests(options: NodeTestOptions): Promise<void> {
  const { module, files, namePattern, nodePath = process.execPath, signal } = options;
  const folder = path.join(module.state, "tests", "bundles");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const bundles: [bundle: string, file: string][] = [];
  for (const [index, file] of files.entries())
    bundles.push([bundleTest(options.module, { file, folder, index }), file]);
  let failed = 0;
  const { exitCode, stderr } = await runTool({
    command: nodePath,
    args: [
      ...[
        "--enable-source-maps",
        "--test",
        `--test-reporter=${reporterProgram()}`,
        "--test-reporter-destination=stdout",
      ],
      ...(namePattern === undefined ? [] : [`--test-name-pattern=${namePattern}`]),
      ...bundles.map(([bundle]) => bundle),
    ],
    cwd: module.root,
    env: nodeEnvironment({ NATIVE_UDF_TEST_FILES: JSON.stringify(bundles) }),
    signal,
    onLine: (_stream, line) => {
      const event = parseEvent(line);
      if (!event) {
        options.onOutput?.(line);
        return;
      }
      if (event.outcome === "failed" && !event.suite) failed += 1;
      options.onEvent(event);
    },
  });
  signal?.throwIfAborted();
  if (exitCode !== 0 && failed === 0) {
    throw new UdfError("TOOL_FAILED", {
      what: `node --test ended with exit code ${exitCode}, and told of no test that failed`,
      where: nodePath,
      next: "Look at what it wrote.",
      details: stderr,
    });
  }
}

function parseEvent(line: string): TestEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return testEventSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // a test printed it
  }
}

type Place = { file: string; folder: string; index: number };

function bundleTest(module: Module, { file, folder, index }: Place): string {
  const name = "native-udf:test";
  const files = new Map([[name, path.join(module.root, file)]]);
  let text: string;
  try {
    text = bundleTypescript({ module, entry: `import ${JSON.stringify(name)};`, files, keepUrls: true });
  } catch (cause) {
    const place = cause instanceof BundleError ? cause.place : undefined;
    throw new UdfError("TEST_INVALID", {
      what: cause instanceof Error ? cause.message : String(cause),
      where: place ? `${path.relative(module.root, place.file)}:${place.line}:${place.column}` : file,
      next: 'Correct the file; stubs come from "native-udf stubs".',
      cause,
    });
  }
  const bundle = path.join(folder, `${index}-${path.basename(file, testFileEnding)}.mjs`);
  writeFileSync(`${bundle}.unfinished`, text);
  renameSync(`${bundle}.unfinished`, bundle);
  return bundle;
}

/** The bundled program, beside the bundled command line; from the sources, the one that the build has made. */
function reporterProgram(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const places = [path.join(here, "test-reporter.js"), path.join(here, "..", "..", "dist", "test-reporter.js")];
  const found = places.find((place) => existsSync(place));
  if (found) return found;
  throw new UdfError("TOOL_MISSING", {
    what: "the program that reports tests is missing",
    where: places[0] ?? here,
    next: 'Install native-udf again (in its own sources: "npm run build").',
  });
}
