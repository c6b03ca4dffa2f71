import assert from "node:assert/strict";
import path from "node:path";
import { afterEach, describe, test } from "node:test";
import { UdfError } from "../../../src/core/error.ts";
import { doctor } from "../../../src/toolchain/doctor.ts";
import { findBuildTools } from "../../../src/toolchain/find-build-tools.ts";
import { missingTools } from "../../../src/toolchain/missing-tools.ts";
import { onPath } from "../../../src/toolchain/on-path.ts";
import { pathOfLinks } from "../../support/path-of-links.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const folder = temporaryFolder("tools");
const before = { ...process.env };
const variables = ["PATH", "CXX", "CMAKE", "NINJA", "NATIVE_UDF_PYTHON", "NATIVE_UDF_DEBUGGER"];

afterEach(() => {
  for (const name of variables) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

const says = (text: string) => `echo "${text}"`;
const all = ["g++", "cmake", "ninja", "make", "objcopy", "as", "ld"];

/** Either may be missing on the machine that runs this test. */
const simulated: Record<string, string> = { ninja: says("1.11.1"), make: says("GNU Make 4.3") };

/** Leaves this process only these programs. */
function machineWith(programs: readonly string[], scripts: Record<string, string> = {}): string {
  process.env.PATH = before.PATH;
  const [linked, written] = [programs.filter((name) => !simulated[name]), programs.filter((name) => simulated[name])];
  const added = Object.fromEntries(written.map((name) => [name, simulated[name] ?? ""]));
  const bin = pathOfLinks(folder, linked, { ...added, ...scripts });
  for (const name of variables) delete process.env[name];
  process.env.PATH = bin;
  return bin;
}

describe("findBuildTools", () => {
  test("gives the paths of all where all are there", async () => {
    const bin = machineWith(all);
    assert.deepEqual(await findBuildTools(), {
      cmake: path.join(bin, "cmake"),
      compiler: path.join(bin, "g++"),
      ninja: path.join(bin, "ninja"),
    });
  });

  test("does without ninja where there is make", async () => {
    machineWith(all.filter((name) => name !== "ninja"));
    assert.equal((await findBuildTools()).ninja, undefined);
  });

  test("says in one line that there is no compiler, and what to type for it", async () => {
    machineWith(["cmake", "ninja", "objcopy"], { dnf: "exit 1" });
    const error = await failure();
    assert.equal(error.code, "TOOL_MISSING");
    assert.equal(error.exitCode, 3);
    assert.match(
      error.message,
      /^there is no C\+\+ compiler on this machine\. Install it: (?:sudo )?dnf install -y gcc-c\+\+\./,
    );
    assert.doesNotMatch(error.message, /\n|cmake/);
    assert.match(error.details ?? "", /^g\+\+: not found$/m);
  });

  test("names all that is missing at once", async () => {
    machineWith([], { "apt-get": "exit 1" });
    const error = await failure();
    assert.match(error.what, /no C\+\+ compiler, no cmake, no ninja, no objcopy/);
    assert.match(error.next ?? "", /apt-get install -y --no-install-recommends g\+\+ cmake ninja-build binutils/);
  });

  test("names the programs where there is no package manager that it knows", async () => {
    machineWith(["cmake", "ninja", "objcopy"]);
    assert.match((await failure()).next ?? "", /^Install g\+\+ with your system's package manager/);
  });

  test("refuses a cmake that is too old, by number and not by text, and takes the next that will do", async () => {
    const rest = all.filter((name) => name !== "cmake");
    machineWith(rest, { cmake: says("cmake version 3.9.1") });
    const error = await failure();
    assert.match(error.what, /cmake.*new enough/);
    assert.match(error.details ?? "", /cmake: version 3\.9\.1 is older than 3\.18/);
    const bin = machineWith(rest, { cmake: says("cmake version 2.8.12"), cmake3: says("cmake3 version 3.18.0") });
    assert.equal((await findBuildTools()).cmake, path.join(bin, "cmake3"));
  });

  test("refuses a compiler that cannot compile C++20, and takes the next that can", async () => {
    const bin = machineWith(all, { "c++": "echo \"error: unrecognized option '-std=c++20'\" >&2; exit 1" });
    assert.equal((await findBuildTools()).compiler, path.join(bin, "g++"));
  });

  test("says that the static C++ library is missing where the compiler has none, as on Fedora", async () => {
    const compiler = onPath("g++");
    const script = `case "$*" in *-print-file-name*) echo libstdc++.a;; *) exec "${compiler}" "$@";; esac`;
    machineWith(["cmake", "ninja", "objcopy", "as", "ld"], { "g++": script, dnf: "exit 1" });
    assert.match((await failure()).message, /^there is no static C\+\+ library .*dnf install -y libstdc\+\+-static/);
  });

  test("takes what CXX and CMAKE name, also outside of PATH", async () => {
    const compiler = onPath("g++");
    const cmake = onPath("cmake");
    machineWith(["ninja", "objcopy", "as", "ld"]);
    Object.assign(process.env, { CXX: compiler, CMAKE: cmake });
    const found = await findBuildTools();
    assert.deepEqual([found.compiler, found.cmake], [compiler, cmake]);
  });

  test("takes nothing else where CXX names what is not there", async () => {
    machineWith(all);
    process.env.CXX = path.join(folder, "my-compiler");
    const error = await failure();
    assert.match(error.what, /no C\+\+ compiler/);
    assert.match(error.details ?? "", /^CXX=.*my-compiler: not found$/m);
  });
});

describe("doctor", () => {
  test("is complete where all is there, and says where each tool was found", async () => {
    const bin = machineWith(all);
    const { complete, checks } = await doctor();
    assert.equal(complete, true);
    const compiler = checks.find(({ name }) => name === "C++ compiler");
    assert.equal(compiler?.status, "ok");
    assert.equal(compiler.path, path.join(bin, "g++"));
    assert.ok(compiler.tried.includes("c++: not found"));
    assert.equal(checks.find(({ name }) => name === "Python")?.status, "not found, not needed");
  });

  test("tells what is missing from what is too old and what is not needed, with what to type", async () => {
    machineWith(["make"], { cmake: says("cmake version 3.10.2"), apk: "exit 1" });
    const { complete, checks } = await doctor();
    const statuses = new Map(checks.map(({ name, status }) => [name, status]));
    assert.equal(complete, false);
    assert.equal(statuses.get("C++ compiler"), "missing");
    assert.equal(statuses.get("static C++ library"), "missing");
    assert.equal(statuses.get("cmake"), "too old");
    assert.equal(statuses.get("ninja"), "not found, not needed");
    assert.equal(statuses.get("Node"), "ok");
    assert.match(checks.find(({ name }) => name === "cmake")?.next ?? "", /apk add cmake/);
  });

  test("misses ninja where there is no make either", async () => {
    machineWith(all.filter((name) => name !== "ninja" && name !== "make"));
    const { complete, checks } = await doctor();
    assert.equal(complete, false);
    assert.equal(checks.find(({ name }) => name === "ninja")?.status, "missing");
    assert.equal(checks.find(({ name }) => name === "make")?.status, "not found, not needed");
  });
});

describe("missingTools", () => {
  const required = async (options: { python: boolean }) =>
    (await missingTools(options)).filter((tool) => tool.required).map(({ name }) => name);

  test("is nothing that is required where a build has all it needs", async () => {
    machineWith(all);
    assert.deepEqual(await required({ python: false }), []);
  });

  test("requires Python, its venv and pip, and a debug adapter only for the tests", async () => {
    machineWith(all);
    assert.deepEqual(await required({ python: true }), ["Python", "Python venv and pip", "debug adapter"]);
    machineWith(all, { python3: 'case "$1" in --version) echo "Python 3.10.1";; *) exit 1;; esac' });
    assert.deepEqual(await required({ python: true }), ["Python venv and pip", "debug adapter"]);
  });

  test("names ninja and not make where both are missing", async () => {
    machineWith(["g++", "cmake", "objcopy", "as", "ld"]);
    assert.deepEqual(await required({ python: false }), ["ninja"]);
  });
});

async function failure(): Promise<UdfError> {
  try {
    await findBuildTools();
  } catch (error) {
    if (error instanceof UdfError) return error;
    throw error;
  }
  throw new Error("it found everything");
}
