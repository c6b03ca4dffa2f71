import { spawn } from "node:child_process";
import { root } from "./project.mjs";

/**
 * @typedef {object} RunOptions
 * @property {boolean} [show] its output goes where ours goes; otherwise it is kept
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [cwd]
 */

/**
 * Runs a program to its end. Needs no package, so it works before there is a node_modules.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ exitCode: number, output: string }>} exit code 127 where there is no such program
 */
export function run(command, args, { show = false, env = process.env, cwd = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: show ? "inherit" : ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.on("error", (error) => resolve({ exitCode: 127, output: error.message }));
    child.on("close", (code) => resolve({ exitCode: code ?? 1, output }));
  });
}
