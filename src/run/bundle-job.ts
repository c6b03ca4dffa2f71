import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { BundleError } from "../bundle/bundle-error.ts";
import { bundleTypescript } from "../bundle/bundle-typescript.ts";
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
  const files = new Map([["native-udf:job", job.path]]);
  for (const [index, stub] of stubs.entries()) files.set(`native-udf:stub${index}`, stub.path);
  const names = stubs.map(({ module: name }, index) => `${JSON.stringify(name)}: stub${index}`);
  const entry = [
    'import * as job from "native-udf:job";',
    "export default job.default;",
    ...stubs.map((_, index) => `import * as stub${index} from "native-udf:stub${index}";`),
    `export const stubs = { ${names.join(", ")} };`,
  ].join("\n");
  let text: string;
  try {
    text = bundleTypescript({ module, entry, files });
  } catch (error) {
    throw invalid(error, { module, job });
  }
  const sha256 = createHash("sha256").update(text).digest("hex");
  const file = path.join(module.state, "jobs", `${job.name}-${sha256.slice(0, 12)}.mjs`);
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, text);
    renameSync(`${file}.${process.pid}`, file);
  }
  return { path: file, sha256 };
}

function invalid(error: unknown, { module, job }: { module: Module; job: JobFile }): UdfError {
  const place = error instanceof BundleError ? error.place : undefined;
  const file = path.relative(module.root, place?.file ?? job.path);
  const ofStub = !path.relative(module.stubs, path.resolve(module.root, file)).startsWith("..");
  return new UdfError(ofStub ? "ARTIFACT_MISMATCH" : "JOB_INVALID", {
    what: messageOf(error),
    where: place ? `${file}:${place.line}:${place.column}` : file,
    next: ofStub ? 'Generate the stubs again with "native-udf stubs".' : "Correct the job file.",
    cause: error,
  });
}
