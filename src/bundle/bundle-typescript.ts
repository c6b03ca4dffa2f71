import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type BuildFailure, build, type Message } from "esbuild";
import { messageOf } from "../core/error.ts";
import type { Module } from "../core/module.ts";

type Options = {
  module: Module;
  /** Text of the entry; it lies in the module's folder, and imports files by the names in `files`. */
  entry: string;
  /** Names of our own for files: a path may hold characters that mean something to the bundler. */
  files: ReadonlyMap<string, string>;
  /**
   * The bundle stays on this machine: `import.meta.url` is the URL of the author's file, so that what lies beside it is
   * found, and so are the files in the source map.
   */
  keepUrls?: boolean;
};

/**
 * Puts TypeScript of the author's and everything that it imports into one ECMAScript module, with its source map in it;
 * `native-udf` is the little that a job file needs of it. Throws BundleError.
 */
export async function bundleTypescript({ module, entry, files, keepUrls = false }: Options): Promise<string> {
  try {
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
      ...(keepUrls ? { sourceRoot: pathToFileURL(`${module.root}/`).href } : {}),
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
            if (!keepUrls) return;
            onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
              const url = JSON.stringify(pathToFileURL(file).href);
              return { contents: readFileSync(file, "utf8").replaceAll("import.meta.url", url), loader: "ts" };
            });
          },
        },
      ],
    });
    return outputFiles[0]?.text ?? "";
  } catch (cause) {
    throw bundleError(cause);
  }
}

/** A file cannot be read or does not parse. `place` is the author's line where one is known; the file is as esbuild names it. */
export class BundleError extends Error {
  readonly place: { file: string; line: number; column: number } | undefined;

  constructor(message: string, { place, cause }: { place: BundleError["place"]; cause: unknown }) {
    super(message, { cause });
    this.name = "BundleError";
    this.place = place;
  }
}

function bundleError(cause: unknown): BundleError {
  const first = isBuildFailure(cause) ? cause.errors[0] : undefined;
  const { location } = first ?? {};
  const known = location && location.file !== "<stdin>";
  const place = known ? { file: location.file, line: location.line, column: location.column + 1 } : undefined;
  return new BundleError(first ? first.text : messageOf(cause), { place, cause });
}

function isBuildFailure(error: unknown): error is BuildFailure & { errors: Message[] } {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}
