import { Failure } from "./failure.mjs";
import { run } from "./run.mjs";
import { installSystemPackages, load } from "./system-tools.mjs";

/** doctest is one header; the tests of the SDK in C++ are written with it. */
const systemPackages = {
  "apt-get": ["doctest-dev"],
  dnf: ["doctest-devel"],
  zypper: ["doctest-devel"],
  pacman: ["doctest"],
  apk: ["doctest-dev"],
  brew: ["doctest"],
};

/** Installs doctest where the compiler does not find it, if that is allowed. Throws a Failure that says what to install. */
export async function ensureDoctest() {
  /** @type {typeof import("../src/toolchain/tools.ts")} */
  const { compilerTool } = await load("tools.ts");
  const compiler = (await compilerTool.find()).found?.path ?? "c++";
  const isThere = async () => {
    const looked = await run(compiler, ["-E", "-x", "c++", "-include", "doctest/doctest.h", "/dev/null"]);
    return looked.exitCode === 0;
  };
  if (await isThere()) return;
  await installSystemPackages({ missing: ["doctest"], tools: ["compiler"], more: systemPackages });
  if (await isThere()) return;
  throw new Failure(
    `the tests of the SDK in C++ need doctest. Install it with your system's package manager (on Debian: apt-get install ${systemPackages["apt-get"].join(" ")}), or name the folder that has doctest/doctest.h in CPATH, then try again.`,
    3,
  );
}
