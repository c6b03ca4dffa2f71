import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { runTool } from "../../src/toolchain/run-tool.ts";
import { nativeUdf } from "../support/command-line.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { makeTroubledModule, writeJob } from "./troubled-module.ts";

const disk = path.join(temporaryFolder("disk"), "small");
let root = "";
let mounted = false;

before(async () => {
  mkdirSync(disk);
  const { exitCode } = await runTool({ command: "mount", args: ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk] });
  mounted = exitCode === 0;
  root = await makeTroubledModule();
});
after(async () => {
  if (mounted) await runTool({ command: "umount", args: [disk] });
});

test("a full disk is told as such, with the place; nothing is left on it, and the next submit takes up the finished parts", async (t) => {
  if (!mounted) {
    t.skip("a small file system can be mounted by root only");
    return;
  }
  const output = writeJob(root, "too-large", {
    map: "SELECT half(x) AS h, repeat(name, 20) AS names FROM input",
    output: path.join(disk, "result.csv"),
  });
  const { exitCode, stderr } = await nativeUdf(["submit", "too-large"], { cwd: root });
  assert.match(stderr, /^error: .*no space left/m);
  assert.match(stderr, new RegExp(`^error: .*${disk}`, "m"));
  assert.equal(exitCode, 3, stderr);
  assert.deepEqual(readdirSync(disk), []);
  const enlarged = await runTool({ command: "mount", args: ["-o", "remount,size=8m", disk] });
  assert.equal(enlarged.exitCode, 0, enlarged.stderr);
  const again = await nativeUdf(["submit", "too-large"], { cwd: root });
  assert.equal(again.exitCode, 0, again.stderr);
  assert.match(again.stderr, /1 of them done by an earlier run/);
  assert.deepEqual(readdirSync(disk), [path.basename(output)]);
});
