import assert from "node:assert/strict";
import { test } from "node:test";
import { installHint, installPlan, packageManagers, toolNames, toolOf } from "../../../src/toolchain/install-hint.ts";

test("every package manager has packages for every tool", () => {
  for (const manager of packageManagers) {
    for (const tool of toolNames) {
      const plan = installPlan([tool], manager);
      assert.ok(plan && plan.install.length > 2, `${manager} has nothing for ${tool}`);
    }
  }
});

test("a package that two tools need is named once", () => {
  const plan = installPlan(["compiler", "static C++ library", "cmake"], "apt-get");
  assert.deepEqual(plan?.install.slice(-2), ["g++", "cmake"]);
});

test("what is typed asks for nothing, so that it can run without a terminal", () => {
  const unattended = { "apt-get": "-y", dnf: "-y", yum: "-y", zypper: "--non-interactive", pacman: "--noconfirm" };
  for (const [manager, option] of Object.entries(unattended)) {
    const known = packageManagers.find((name) => name === manager);
    assert.ok(installPlan(["cmake"], known)?.install.includes(option), manager);
  }
});

test("a program is known by any name that it is called with", () => {
  const names = { "g++-12": "compiler", "/usr/bin/clang++": "compiler", cmake3: "cmake", "python3.12": "python" };
  for (const [program, tool] of Object.entries(names)) assert.equal(toolOf(program), tool);
  assert.equal(toolOf("gadget"), undefined);
});

test("a program that no package is known for is named itself", () => {
  assert.match(installHint(["gadget"], "dnf"), /^Install gadget /);
});
