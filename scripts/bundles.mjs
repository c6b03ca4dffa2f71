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

/** @typedef {{ [output: string]: string }} Programs what is shipped, and where each comes from */

/**
 * Programs that are built together share their parts, which are read when they are needed. A worker is one file, since it
 * needs all of it at once.
 * @type {readonly Programs[]}
 */
const bundles = [
  { "dist/extension.cjs": "src/extension.ts" },
  {
    "dist/cli.js": "src/cli.ts",
    "dist/coordinator.js": "src/run/coordinator.ts",
    "dist/test-reporter.js": "src/testing/reporter.ts",
    "dist/node-host.js": "src/testing/hosts/node-host.ts",
  },
  { "dist/worker.mjs": "src/run/local/worker.ts" },
  { "dist/panel/panel.js": "src/panel/web/main.ts" },
  { "dist/panel/panel.css": "src/panel/web/panel.css" },
];
const outputs = [...bundles.flatMap((programs) => Object.keys(programs)), "dist/python-host.py"];
/** Begins with the line that makes it a program of its own. */
const executable = "dist/cli.js";

/** What is shipped as it is: what the stub generator embeds as text, and programs that are no JavaScript. */
const copied = [
  { from: "src/stubs/runtime", to: "dist/stubs-runtime" },
  { from: "src/run/spark/driver", to: "dist/spark-driver" },
  { from: "src/testing/hosts/python-host.py", to: "dist/python-host.py" },
];

/** What esbuild takes of this package for Node hides its parts from it. */
const alias = { "jsonc-parser": "jsonc-parser/lib/esm/main.js" };

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
 * @returns {import("esbuild").BuildOptions}
 */
function formatOf(output) {
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
  return { format: "esm", splitting: output.endsWith(".js"), banner: { js: requireShim } };
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
  for (const programs of bundles) {
    const [output = ""] = Object.keys(programs);
    const { metafile, outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: Object.entries(programs).map(([out, entry]) => ({ in: entry, out: path.parse(out).name })),
      ...(output.endsWith(".css") ? {} : { outExtension: { ".js": path.extname(output) } }),
      outdir: path.dirname(output),
      chunkNames: "chunk-[hash]",
      bundle: true,
      platform: "node",
      target: "node20",
      ...formatOf(output),
      external,
      alias,
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
    for (const input of Object.keys(metafile.inputs)) inputs.add(inProject(input));
  }
  writeFileSync(inProject(executable), `#!/usr/bin/env node\n${readFileSync(inProject(executable), "utf8")}`);
  chmodSync(inProject(executable), 0o755);
  for (const { from, to } of copied) {
    cpSync(inProject(from), inProject(to), { recursive: true, filter: (file) => !file.endsWith("__pycache__") });
    const isFolder = statSync(inProject(from)).isDirectory();
    const files = isFolder ? readdirSync(inProject(from)).filter((file) => /\.\w+$/.test(file)) : [""];
    for (const file of files) inputs.add(path.join(inProject(from), file));
  }
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
  if (!existsSync(stampFile) || !outputs.every((output) => existsSync(inProject(output)))) return false;
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
