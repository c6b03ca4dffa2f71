import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { build } from "esbuild";
import { root } from "./project.mjs";

const require = createRequire(import.meta.url);

/**
 * The packages that cannot be in a bundle: they hold binaries, or their files are asked for by path. `parts` are files
 * and folders of the package; `package.json` and the licence always come with them.
 * @type {{ name: string, parts: string[] }[]}
 */
const packages = [
  { name: "@duckdb/node-bindings", parts: ["duckdb.js"] },
  { name: `@duckdb/node-bindings-${process.platform}-${process.arch}`, parts: ["*"] },
  { name: "node-addon-api", parts: ["napi.h", "napi-inl.h", "napi-inl.deprecated.h"] },
  { name: "node-api-headers", parts: ["include"] },
];

/**
 * Puts them into a folder's node_modules. cmake-js, a program with fifty packages, becomes one file.
 * @param {string} folder
 * @returns {Promise<Record<string, string>>} each name with its version
 */
export async function copyShippedPackages(folder) {
  /** @type {Record<string, string>} */
  const versions = {};
  for (const { name, parts } of packages) versions[name] = copyPackage(folder, name, parts);
  versions["cmake-js"] = await bundleCmakeJs(folder);
  return versions;
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {readonly string[]} parts
 */
function copyPackage(folder, name, parts) {
  const from = packageFolder(name);
  const to = path.join(folder, "node_modules", name);
  const files = readdirSync(from);
  const wanted = parts.includes("*") ? files : [...parts, ...files.filter((file) => /^licen[cs]e/i.test(file))];
  for (const part of wanted) cpSync(path.join(from, part), path.join(to, part), { recursive: true });
  return writeManifest(from, to);
}

/** @param {string} folder */
async function bundleCmakeJs(folder) {
  const from = packageFolder("cmake-js");
  const to = path.join(folder, "node_modules", "cmake-js");
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [{ in: path.join(from, "bin", "cmake-js"), out: "cmake-js" }],
    outdir: path.join(to, "bin"),
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    minify: true,
    metafile: true,
    loader: { "": "js" },
    logLevel: "silent",
  });
  // the name under which a build asks for it
  cpSync(path.join(to, "bin", "cmake-js.cjs"), path.join(to, "bin", "cmake-js"));
  rmSync(path.join(to, "bin", "cmake-js.cjs"));
  writeFileSync(path.join(to, "LICENSES"), licencesOf(Object.keys(metafile.inputs)));
  return writeManifest(from, to);
}

/**
 * The licence of each package that has a file in a bundle.
 * @param {readonly string[]} inputs
 */
function licencesOf(inputs) {
  const folders = inputs.map((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? "");
  return [...new Set(folders)]
    .filter((folder) => folder !== "")
    .sort()
    .map((folder) => {
      const { name, version, license } = readManifest(path.join(root, folder));
      const file = readdirSync(path.join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file ? readFileSync(path.join(root, folder, file), "utf8") : "";
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}

/**
 * A package's manifest without what npm would look for and we do not ship.
 * @param {string} from
 * @param {string} to
 * @returns {string} the version
 */
function writeManifest(from, to) {
  const {
    dependencies: _,
    optionalDependencies: __,
    devDependencies: ___,
    scripts: ____,
    ...kept
  } = readManifest(from);
  mkdirSync(to, { recursive: true });
  writeFileSync(path.join(to, "package.json"), `${JSON.stringify(kept, undefined, 2)}\n`);
  return kept.version;
}

/**
 * @param {string} folder
 * @returns {{ name: string, version: string, license?: string } & Record<string, unknown>}
 */
const readManifest = (folder) => JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));

/** @param {string} name */
function packageFolder(name) {
  const folder = path.join(root, "node_modules", name);
  return existsSync(folder) ? folder : path.dirname(require.resolve(`${name}/package.json`));
}
