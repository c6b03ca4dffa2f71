import { existsSync, readFileSync } from "node:fs";
import { Failure } from "./failure.mjs";
import { inProject } from "./project.mjs";
import { run } from "./run.mjs";

/** Installs what package-lock.json names, unless exactly that is there. */
export async function ensureNpmPackages() {
  const installed = packagesOf(inProject("node_modules", ".package-lock.json"));
  if (installed && isInstalled({ installed, locked: packagesOf(inProject("package-lock.json")) ?? {} })) return;
  const start = Date.now();
  process.stdout.write("Getting the npm packages … ");
  const { exitCode, output } = await install();
  if (exitCode !== 0) {
    process.stdout.write(`failed\n${output.trimEnd()}\n`);
    throw new Failure(
      "npm could not install the packages. Its output is above; correct what it names, then try again.",
      3,
    );
  }
  process.stdout.write(`${((Date.now() - start) / 1000).toFixed(1)} s\n`);
}

/**
 * Some npm versions refuse a lock file that does not name every package of every other platform; then what it does
 * name is installed all the same.
 */
async function install() {
  const exact = await run("npm", ["ci", "--no-audit", "--no-fund"]);
  if (exact.exitCode === 0) return exact;
  process.stdout.write("npm ci refused; npm install … ");
  const second = await run("npm", ["install", "--no-save", "--no-audit", "--no-fund"]);
  return { exitCode: second.exitCode, output: `${exact.output}\n${second.output}` };
}

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }>} Packages */

/**
 * Compares what is locked with what npm says that it has installed; times would mislead after a checkout.
 * @param {{ installed: Packages, locked: Packages }} both
 */
export function isInstalled({ installed, locked }) {
  return Object.entries(locked).every(([folder, wanted]) => {
    if (folder === "") return true;
    const here = installed[folder];
    // packages for other platforms are left out
    if (!here) return wanted.optional === true || wanted.devOptional === true;
    return here.version === wanted.version && here.integrity === wanted.integrity;
  });
}

/**
 * @param {string} lockFile
 * @returns {Packages | undefined}
 */
function packagesOf(lockFile) {
  if (!existsSync(lockFile)) return undefined;
  return JSON.parse(readFileSync(lockFile, "utf8")).packages;
}
