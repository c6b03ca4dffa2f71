import { tsImport } from "tsx/esm/api";
import { Failure } from "./failure.mjs";
import { run } from "./run.mjs";

/** @typedef {import("../src/toolchain/tools.ts").Tool} Tool */

/**
 * Looks for the programs that a build needs (with `python` also those that only tests need) and installs what is
 * missing where that is allowed: as root, or where sudo asks for no password.
 * @param {{ python: boolean }} options
 */
export async function ensureSystemTools({ python }) {
  const missing = await missingTools({ python });
  if (missing.length === 0) return;
  /** @type {typeof import("../src/toolchain/install-hint.ts")} */
  const { installHint, installPlan, toolOf } = await load("install-hint.ts");
  const names = missing.map(({ program }) => program);
  const plan = installPlan(names.flatMap((name) => toolOf(name) ?? []));
  const prefix = plan && (await rootPrefix(plan.manager));
  if (plan && prefix) {
    const listed = missing.map(({ name }) => name).join(", ");
    process.stdout.write(`Installing what is missing (${listed}): ${plan.install.join(" ")} … `);
    const start = Date.now();
    const output = await install(plan, prefix);
    const left = await missingTools({ python });
    if (!left.some(({ required }) => required)) {
      process.stdout.write(`${((Date.now() - start) / 1000).toFixed(1)} s\n`);
      return;
    }
    process.stdout.write(`failed\n${output.trimEnd()}\n`);
  }
  const required = missing.filter((tool) => tool.required);
  if (required.length === 0) return;
  const listed = required.map(({ name }) => name).join(", ");
  throw new Failure(
    `this machine lacks: ${listed}. ${installHint(required.map(({ program }) => program))}, then try again.`,
    3,
  );
}

/**
 * @param {{ python: boolean }} options
 * @returns {Promise<Tool[]>}
 */
async function missingTools({ python }) {
  /** @type {typeof import("../src/toolchain/missing-tools.ts")} */
  const { missingTools: find } = await load("missing-tools.ts");
  return find({ python });
}

/**
 * Installs what only some tests need, where that is allowed; says so in one line.
 * @param {object} options
 * @param {readonly string[]} options.missing for people
 * @param {readonly import("../src/toolchain/install-hint.ts").ToolName[]} options.tools
 * @param {Partial<Record<string, readonly string[]>>} options.more packages besides, by package manager
 */
export async function installSystemPackages({ missing, tools, more }) {
  /** @type {typeof import("../src/toolchain/install-hint.ts")} */
  const { installPlan } = await load("install-hint.ts");
  const plan = installPlan(tools);
  const packages = plan && more[plan.manager];
  const prefix = plan && (await rootPrefix(plan.manager));
  if (!plan || !packages || !prefix) return;
  const whole = { ...plan, install: [...plan.install, ...packages] };
  process.stdout.write(`Installing what is missing (${missing.join(", ")}): ${whole.install.join(" ")} … `);
  const start = Date.now();
  const output = await install(whole, prefix);
  process.stdout.write(`${((Date.now() - start) / 1000).toFixed(1)} s\n`);
  process.stderr.write(`${output.trimEnd().split("\n").slice(-3).join("\n")}\n`);
}

/** @param {string} file of src/toolchain/ */
export const load = (file) => tsImport(`../src/toolchain/${file}`, import.meta.url);

/**
 * What comes before a command to run it as root; undefined where that is not allowed without asking.
 * @param {string} manager
 */
async function rootPrefix(manager) {
  if (manager === "brew" || process.getuid?.() === 0) return [];
  const { exitCode } = await run("sudo", ["-n", "true"]);
  return exitCode === 0 ? ["sudo", "-n"] : undefined;
}

/**
 * @param {import("../src/toolchain/install-hint.ts").InstallPlan} plan
 * @param {readonly string[]} prefix
 * @returns {Promise<string>} what the package manager wrote
 */
async function install({ install, refresh }, prefix) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const asRoot = (/** @type {readonly string[]} */ command) => {
    const [program = "", ...args] = [...prefix, ...command];
    return run(program, args, { env });
  };
  const first = await asRoot(install);
  if (first.exitCode === 0 || !refresh) return first.output;
  // a fresh system has no package lists yet
  const lists = await asRoot(refresh);
  const second = await asRoot(install);
  return `${lists.output}\n${second.output}`;
}
