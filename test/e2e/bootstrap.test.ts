import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { runTool } from "../../src/toolchain/run-tool.ts";
import { projectRoot } from "../support/command-line.ts";
import { pathOfLinks } from "../support/path-of-links.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const folder = temporaryFolder("bootstrap");
// another user writes here too
chmodSync(folder, 0o777);
const isRoot = process.getuid?.() === 0;
const others = ["git", "cmake", "ninja", "objcopy", "as", "ld"];

const asNobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

/** Why this machine cannot show what a user without rights gets; false where it can. */
async function noUnprivilegedUser(): Promise<string | false> {
  if (!isRoot) return false;
  const [command = "", ...args] = [...asNobody, process.execPath, "--eval", "fs.readFileSync('package.json')"];
  const { exitCode } = await runTool({ command, args, cwd: projectRoot });
  return exitCode === 0 ? false : "other users cannot read the project's folder";
}
const skip = await noUnprivilegedUser();

/** Runs the bootstrap as the commands do, with this PATH, an empty HOME, and not as root where that is asked for. */
async function bootstrap(options: { PATH: string; unprivileged?: boolean; before?: string }) {
  const { PATH, unprivileged = false, before = "" } = options;
  const home = path.join(folder, `home-${path.basename(PATH)}`);
  mkdirSync(home, { mode: 0o777 });
  chmodSync(home, 0o777);
  const scripts = path.join(projectRoot, "scripts");
  const program =
    `${before}; const { bootstrap } = await import(${JSON.stringify(path.join(scripts, "bootstrap.mjs"))});` +
    `const { runCommand } = await import(${JSON.stringify(path.join(scripts, "failure.mjs"))});` +
    "await runCommand(async () => { await bootstrap(); return 0; })";
  const node = [process.execPath, "--input-type=module", "--eval", program];
  const [command = "", ...args] = isRoot && unprivileged ? [...asNobody, ...node] : node;
  return runTool({ command, args, cwd: projectRoot, env: { PATH, HOME: home, TMPDIR: home } });
}

describe("bootstrap", () => {
  test("does nothing and says nothing where all is there", async () => {
    const PATH = pathOfLinks(folder, ["g++", ...others]);
    const { exitCode, stdout, stderr } = await bootstrap({ PATH });
    assert.deepEqual({ exitCode, stdout, stderr }, { exitCode: 0, stdout: "", stderr: "" });
  });

  test("without a compiler, and without the right to install one, says in one line what to type, with exit code 3", {
    skip,
  }, async () => {
    const PATH = pathOfLinks(folder, others, { "apt-get": "exit 100" });
    const { exitCode, stdout, stderr } = await bootstrap({ PATH, unprivileged: true });
    assert.equal(exitCode, 3);
    assert.equal(stdout, "");
    assert.equal(
      stderr,
      "error: this machine lacks: C++ compiler, static C++ library. " +
        "Install it: sudo apt-get install -y --no-install-recommends g++, then try again.",
    );
  });

  test("does not ask for a password: sudo that wants one is as good as none", { skip }, async () => {
    const PATH = pathOfLinks(folder, others, { dnf: "exit 1", sudo: 'test "$1" = -n && exit 1; exec sh' });
    const { exitCode, stderr } = await bootstrap({ PATH, unprivileged: true });
    assert.equal(exitCode, 3);
    assert.match(stderr, /Install it: sudo dnf install -y gcc-c\+\+/);
  });

  test("with the right to, installs what is missing, and reads the package lists first where there are none", async () => {
    const log = path.join(folder, "apt.log");
    const PATH = pathOfLinks(folder, ["ln", ...others]);
    const compiler = path.join(pathOfLinks(folder, ["g++"]), "g++");
    const manager = [
      `echo "$*" >> "${log}"`,
      `case "$1" in`,
      `  update) : > "${folder}/lists";;`,
      `  install) test -e "${folder}/lists" || { echo "E: Unable to locate package g++"; exit 100; }`,
      `    ln -s "${compiler}" "${PATH}/g++";;`,
      "esac",
    ].join("\n");
    // where the tests do not run as root, sudo that asks for nothing
    const whole = pathOfLinks(folder, [], { "apt-get": manager, sudo: 'shift; exec "$@"' });
    const { exitCode, stdout, stderr } = await bootstrap({ PATH: `${PATH}:${whole}` });
    assert.equal(stderr, "");
    assert.equal(exitCode, 0);
    assert.match(
      stdout,
      /^Installing what is missing \(C\+\+ compiler, static C\+\+ library\): apt-get install .* g\+\+ … /,
    );
    const install = "install -y --no-install-recommends g++";
    assert.deepEqual(readFileSync(log, "utf8").trim().split("\n"), [install, "update", install]);
  });

  test("where installing fails, shows what the package manager said, and what to do", async () => {
    const PATH = pathOfLinks(folder, others, {
      "apt-get": 'echo "E: no space left on the mirror"; exit 100',
      sudo: 'shift; exec "$@"',
    });
    const { exitCode, stdout, stderr } = await bootstrap({ PATH });
    assert.equal(exitCode, 3);
    assert.match(stdout, /E: no space left on the mirror/);
    assert.match(stderr, /^error: this machine lacks: C\+\+ compiler/);
  });

  test("refuses a Node that is too old, before anything else", async () => {
    const before = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.4" } })';
    const { exitCode, stdout, stderr } = await bootstrap({ PATH: pathOfLinks(folder, []), before });
    assert.equal(exitCode, 3);
    assert.equal(stdout, "");
    assert.match(stderr, /^error: Node 18\.20\.4 is too old\. Install Node 20\.17 or newer/);
  });
});
