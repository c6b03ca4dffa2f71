import "./node-version.mjs";
import { ensureNpmPackages } from "./npm-packages.mjs";

/**
 * Gets what this project needs and this machine lacks: npm packages, then compiler, cmake, ninja, binutils and git;
 * with `python` also Python, which only the tests need. Does nothing, quickly, where all is there.
 * @param {{ python?: boolean }} [options]
 */
export async function bootstrap({ python = false } = {}) {
  await ensureNpmPackages();
  // its imports are npm packages, which may not have been there before
  const { ensureSystemTools } = await import("./system-tools.mjs");
  await ensureSystemTools({ python });
}
