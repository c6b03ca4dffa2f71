import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type BuildFailure, build, type Message } from "esbuild";
import { messageOf, UdfError } from "../core/error.ts";
import type { Module } from "../core/module.ts";
import type { JobFile } from "./job-files.ts";

export type JobBundle = { path: string; sha256: string };

type Options = { module: Module; job: JobFile; stubs: readonly { module: string; path: string }[] };

/**
 * Puts a job and the stubs of its modules into one file that is named by its content, and that needs no node_modules.
 * It exports the job as `default`, and the stubs as `stubs`. Throws JOB_INVALID with the author's line.
 */
export async function bundleJob({ module, job, stubs }: Options): Promise<JobBundle> {
  // by names of our own: a path may hold characters that mean something to the bundler
  const files = new Map([["native-udf:job", job.path]]);
  for (const [index, stub] of stubs.entries()) files.set(`native-udf:stub${index}`, stub.path);
  const names = stubs.map(({ module: name }, index) => `${JSON.stringify(name)}: stub${index}`);
  const entry = [
    'import * as job from "native-udf:job";',
    "export default job.default;",
    ...stubs.map((_, index) => `import * as stub${index} from "native-udf:stub${index}";`),
    `export const stubs = { ${names.join(", ")} };`,
  ].join("\n");
  const text = await bundle(entry, module, files).catch((error: unknown) => {
    throw invalid(error, { module, job });
  });
  const sha256 = createHash("sha256").update(text).digest("hex");
  const file = path.join(module.state, "jobs", `${job.name}-${sha256.slice(0, 12)}.mjs`);
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, text);
    renameSync(`${file}.${process.pid}`, file);
  }
  return { path: file, sha256 };
}

async function bundle(entry: string, module: Module, files: ReadonlyMap<string, string>): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: module.root, loader: "ts" },
    absWorkingDir: module.root,
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["@duckdb/*"],
    sourcemap: "inline",
    logLevel: "silent",
    plugins: [
      {
        name: "native-udf",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^native-udf:/ }, ({ path: name }) => ({ path: files.get(name) ?? name }));
          onResolve({ filter: /^native-udf$/ }, () => ({ path: "native-udf", namespace: "native-udf" }));
          onLoad({ filter: /.*/, namespace: "native-udf" }, () => ({
            contents: "export const defineJob = (job) => job;",
          }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? "";
}

function invalid(error: unknown, { module, job }: { module: Module; job: JobFile }): UdfError {
  const first = isBuildFailure(error) ? error.errors[0] : undefined;
  const place = first?.location;
  const file = place
    ? path.relative(module.root, path.resolve(module.root, place.file))
    : path.relative(module.root, job.path);
  const ofStub = file === "<stdin>" || !path.relative(module.stubs, path.resolve(module.root, file)).startsWith("..");
  return new UdfError(ofStub ? "ARTIFACT_MISMATCH" : "JOB_INVALID", {
    what: first ? first.text : messageOf(error),
    where: place && file !== "<stdin>" ? `${file}:${place.line}:${place.column + 1}` : file,
    next: ofStub ? 'Generate the stubs again with "native-udf stubs".' : "Correct the job file.",
    cause: error,
  });
}

function isBuildFailure(error: unknown): error is BuildFailure & { errors: Message[] } {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}
