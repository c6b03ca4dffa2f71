import { existsSync, readFileSync } from "node:fs";
import { Failure } from "./failure.mjs";
import { inProject } from "./project.mjs";
import { run } from "./run.mjs";

/** Installs what package-lock.json names, unless exactly that is there. */
export async function ensureNpmPackages() {
  if (isInstalled()) return;
  const start = Date.now();
  process.stdout.write("Getting the npm packages (npm ci) … ");
  const { exitCode, output } = await run("npm", ["ci", "--no-audit", "--no-fund"]);
  if (exitCode !== 0) {
    process.stdout.write(`failed\n${output.trimEnd()}\n`);
    throw new Failure("npm ci failed. Its output is above; correct what it names, then try again.", 3);
  }
  process.stdout.write(`${((Date.now() - start) / 1000).toFixed(1)} s\n`);
}

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }>} Packages */

/** Compares what is locked with what npm says that it has installed; times would mislead after a checkout. */
function isInstalled() {
  const installed = packagesOf(inProject("node_modules", ".package-lock.json"));
  if (!installed) return false;
  return Object.entries(packagesOf(inProject("package-lock.json")) ?? {}).every(([folder, locked]) => {
    if (folder === "") return true;
    const here = installed[folder];
    if (!here) return locked.optional === true || locked.devOptional === true;
    return here.version === locked.version && here.integrity === locked.integrity;
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
