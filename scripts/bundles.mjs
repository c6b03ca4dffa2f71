import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { build, transform } from "esbuild";
import { Failure } from "./failure.mjs";
import { inProject, root } from "./project.mjs";

/** Where each program that is shipped comes from. */
const bundles = [
  { entry: "src/extension.ts", output: "dist/extension.cjs", executable: false },
  { entry: "src/cli.ts", output: "dist/cli.js", executable: true },
  { entry: "src/run/local/worker.ts", output: "dist/worker.mjs", executable: false },
  { entry: "src/run/coordinator.ts", output: "dist/coordinator.mjs", executable: false },
  { entry: "src/testing/reporter.ts", output: "dist/test-reporter.mjs", executable: false },
  { entry: "src/panel/web/main.ts", output: "dist/panel/panel.js", executable: false },
  { entry: "src/panel/web/panel.css", output: "dist/panel/panel.css", executable: false },
];

/** What the stub generator embeds as text. */
const embedded = { folder: "src/stubs/runtime", output: "dist/stubs-runtime" };

/**
 * Packages with binaries, or whose files are asked for by path; they stay in node_modules. DuckDB's JavaScript does not:
 * its many small files take three times as long to load as its library.
 */
const external = ["@duckdb/node-bindings*", "cmake-js", "node-addon-api", "node-api-headers", "vscode"];

/** Some packages are CommonJS and call require, which an ECMAScript module does not have. */
const requireShim =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

/** The extension is CommonJS, which every fork of VS Code loads; our own code asks for the URL of its module. */
const moduleUrlShim = 'const __moduleUrl = require("node:url").pathToFileURL(__filename).href;';

/**
 * What differs between the kinds of programs.
 * @param {string} output
 * @param {boolean} executable
 * @returns {import("esbuild").BuildOptions}
 */
function formatOf(output, executable) {
  if (output.endsWith(".cjs")) {
    // esbuild splits ECMAScript modules only; `asCommonJs` makes them what they are to be
    return {
      format: "esm",
      splitting: true,
      define: { "import.meta.url": "__moduleUrl" },
      banner: { js: moduleUrlShim },
    };
  }
  // the page of the panel; a browser's file is taken whole, so its names are short too
  if (output.startsWith("dist/panel/")) {
    return { format: "iife", platform: "browser", target: "chrome120", minify: true };
  }
  const js = executable ? `#!/usr/bin/env node\n${requireShim}` : requireShim;
  // what a command does not use is not loaded
  return { format: "esm", splitting: executable, banner: { js } };
}

const stampFile = inProject("dist", ".inputs.json");

/**
 * Writes the bundles, if anything that they are made of has changed.
 * @returns {Promise<boolean>} false where they were up to date
 */
export async function buildBundles() {
  if (isUpToDate()) return false;
  const inputs = new Set([inProject("scripts", "bundles.mjs")]);
  rmSync(inProject("dist"), { recursive: true, force: true });
  for (const { entry, output, executable } of bundles) {
    const { metafile, outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: [entry],
      entryNames: path.basename(output, path.extname(output)),
      ...(output.endsWith(".css") ? {} : { outExtension: { ".js": path.extname(output) } }),
      outdir: path.dirname(output),
      chunkNames: "chunk-[hash]",
      bundle: true,
      platform: "node",
      target: "node20",
      ...formatOf(output, executable),
      external,
      // less to read at each start; names stay, for stack traces
      minifyWhitespace: true,
      minifySyntax: true,
      metafile: true,
      logLevel: "silent",
      write: false,
    }).catch(refuse);
    for (const file of outputFiles) {
      mkdirSync(path.dirname(file.path), { recursive: true });
      writeFileSync(file.path, output.endsWith(".cjs") ? await asCommonJs(file.text) : file.contents);
    }
    if (executable) chmodSync(inProject(output), 0o755);
    for (const input of Object.keys(metafile.inputs)) inputs.add(inProject(input));
  }
  cpSync(inProject(embedded.folder), inProject(embedded.output), { recursive: true });
  for (const file of readdirSync(inProject(embedded.folder))) inputs.add(inProject(embedded.folder, file));
  writeFileSync(stampFile, JSON.stringify({ inputs: [...inputs], state: stateOf([...inputs]) }));
  return true;
}

/**
 * One of the files that make up a split program; what it imports when it needs it is then required when it needs it.
 * @param {string} text
 */
async function asCommonJs(text) {
  const { code } = await transform(text, {
    format: "cjs",
    platform: "node",
    target: "node20",
    supported: { "dynamic-import": false },
    minifyWhitespace: true,
    minifySyntax: true,
  });
  return code;
}

/**
 * esbuild's message names each file and line; its stack trace says nothing to the user.
 * @param {unknown} error
 * @returns {never}
 */
function refuse(error) {
  throw new Failure(error instanceof Error ? error.message : String(error));
}

function isUpToDate() {
  if (!existsSync(stampFile) || !bundles.every(({ output }) => existsSync(inProject(output)))) return false;
  const { inputs, state } = JSON.parse(readFileSync(stampFile, "utf8"));
  return stateOf(inputs) === state;
}

/**
 * Changes when one of the files changes, comes or goes.
 * @param {readonly string[]} files
 */
function stateOf(files) {
  const hash = createHash("sha256");
  for (const file of files) {
    const found = statSync(file, { throwIfNoEntry: false });
    hash.update(`${file}\0${found?.size}\0${found?.mtimeMs}\n`);
  }
  return hash.digest("hex");
}
