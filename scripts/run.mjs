import { spawn } from "node:child_process";
import { root } from "./project.mjs";

/**
 * @typedef {object} RunOptions
 * @property {boolean} [show] its output goes where ours goes; otherwise it is kept
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [cwd]
 */

/**
 * Runs a program to its end; SIGTERM is passed on to it. Needs no package, so it works before there is a node_modules.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ exitCode: number, stdout: string, output: string }>} `output` is what it wrote to stdout and
 *   stderr; exit code 127 where there is no such program
 */
export function run(command, args, { show = false, env = process.env, cwd = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: show ? "inherit" : ["ignore", "pipe", "pipe"] });
    const end = () => child.kill("SIGTERM");
    process.on("SIGTERM", end);
    let stdout = "";
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      stdout += text;
      output += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      output += text;
    });
    const settle = (/** @type {number} */ exitCode, /** @type {string} */ text) => {
      process.off("SIGTERM", end);
      resolve({ exitCode, stdout, output: text });
    };
    child.on("error", (error) => settle(127, error.message));
    child.on("close", (code) => settle(code ?? 1, output));
  });
}
