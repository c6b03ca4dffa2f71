import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { Failure } from "./failure.mjs";
import { run } from "./run.mjs";
import { installSystemPackages, load } from "./system-tools.mjs";

/** code-server carries VS Code whole: workbench, extension host, webviews. It wants this Node. */
const versions = { "code-server": "4.139.1", node: "24.21.0" };

/** Packages besides compiler, make and Python: what code-server's native modules are built with, and the browser. */
const systemPackages = {
  "apt-get": ["libkrb5-dev", "pkg-config", "chromium"],
  dnf: ["krb5-devel", "pkgconf-pkg-config", "chromium"],
  zypper: ["krb5-devel", "pkg-config", "chromium"],
  pacman: ["krb5", "pkgconf", "chromium"],
};

const browsers = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/**
 * A real VS Code for tests, and what it is looked at with.
 * @typedef {object} VscodeServer
 * @property {string} node the Node that it runs on
 * @property {string} main its program
 * @property {string} browser
 */

/**
 * Gives the VS Code server and a browser, and installs what of them is missing: the server from npm into the user's
 * cache folder, once; system packages where that is allowed.
 * @returns {Promise<VscodeServer>}
 */
export async function ensureVscodeServer() {
  const folder = path.join(cacheFolder(), `code-server-${versions["code-server"]}-node-${versions.node}`);
  const browser = await ensurePrograms({ building: !existsSync(folder) });
  if (!existsSync(folder)) await installServer(folder);
  return { ...programsOf(folder), browser };
}

/** Outside of the project, and kept between runs. */
function cacheFolder() {
  return path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache"), "native-udf");
}

/** @param {string} folder */
function programsOf(folder) {
  return {
    node: path.join(folder, "node_modules", nodePackage, "bin", "node"),
    main: path.join(folder, "node_modules", "code-server", "lib", "vscode", "out", "server-main.js"),
  };
}

/** npm has Node's programs as packages, one for each platform. */
const nodePackage = `node-${process.platform}-${process.arch}`;

/** @param {string} folder */
async function installServer(folder) {
  process.stdout.write(
    `Getting VS Code for its tests (code-server ${versions["code-server"]} from npm: about two minutes and 800 MB in ${folder}) … `,
  );
  const start = Date.now();
  mkdirSync(path.dirname(folder), { recursive: true });
  const temporary = mkdtempSync(`${folder}.`);
  try {
    writeFileSync(path.join(temporary, "package.json"), JSON.stringify({ private: true }));
    // code-server's own install script runs npm again, on the Node that is first on PATH
    await npmInstall(temporary, `${nodePackage}@${versions.node}`);
    await npmInstall(temporary, `code-server@${versions["code-server"]}`);
    if (!existsSync(programsOf(temporary).main)) throw new Failure(`there is no ${programsOf(temporary).main}`, 3);
    // another process may have been faster
    if (!existsSync(folder)) renameSync(temporary, folder);
  } catch (error) {
    process.stdout.write("failed\n");
    throw error;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  process.stdout.write(`${((Date.now() - start) / 1000).toFixed(1)} s\n`);
}

/**
 * @param {string} folder
 * @param {string} name with its version
 */
async function npmInstall(folder, name) {
  const node = path.join(folder, "node_modules", nodePackage);
  // under `npm test` it would tell code-server of the Node that runs the tests
  const { npm_config_user_agent: _, ...inherited } = process.env;
  const env = {
    ...inherited,
    PATH: `${path.join(node, "bin")}${path.delimiter}${process.env.PATH}`,
    // its native modules are compiled against the headers of the Node that runs them
    npm_config_nodedir: node,
    npm_config_foreground_scripts: "true",
    npm_config_dangerously_allow_all_scripts: "true",
  };
  const args = ["install", "--save-exact", "--no-audit", "--no-fund", name];
  const { exitCode, output } = await run("npm", args, { cwd: folder, env });
  if (exitCode === 0) return;
  throw new Failure(`npm could not install ${name}: ${output.trim().split("\n").slice(-30).join("\n")}`, 3);
}

/**
 * @param {{ building: boolean }} options
 * @returns {Promise<string>} the browser
 */
async function ensurePrograms({ building }) {
  /** @type {typeof import("../src/toolchain/on-path.ts")} */
  const { onPath } = await load("on-path.ts");
  const findBrowser = () => browsers.map((name) => onPath(name)).find((file) => file !== undefined);
  const missing = () => [
    ...(findBrowser() ? [] : ["chromium"]),
    ...(building ? ["krb5-config", "pkg-config"].filter((name) => onPath(name) === undefined) : []),
  ];
  if (missing().length > 0) {
    await installSystemPackages({
      missing: missing(),
      tools: building ? ["compiler", "make", "python"] : ["git"],
      more: systemPackages,
    });
  }
  const browser = findBrowser();
  if (browser && missing().length === 0) return browser;
  throw new Failure(
    `the tests of the extension need ${missing().join(", ")}. Install it with your system's package manager (on Debian: apt-get install ${systemPackages["apt-get"].join(" ")}), then try again.`,
    3,
  );
}
