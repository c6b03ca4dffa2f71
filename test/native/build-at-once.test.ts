import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { build } from "../../src/build/build.ts";
import { currentArtifact } from "../../src/build/current-artifact.ts";
import { UdfError } from "../../src/core/error.ts";
import { manifestSchema } from "../../src/core/manifest.ts";
import type { Module } from "../../src/core/module.ts";
import { projectRoot } from "../support/command-line.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { makeSmallModule } from "./small-module.ts";

const folder = temporaryFolder("at-once");
const buildOnce = fileURLToPath(new URL("build-once.ts", import.meta.url));
/** A build in another process. */
const other = (module: Module) =>
  execa(process.execPath, ["--import", "tsx", buildOnce, module.root], { cwd: projectRoot, reject: false });

const isCancelled = (error: unknown) => error instanceof UdfError && error.code === "CANCELLED";

/** Makes the compiler of `src/answer.cpp` wait: it includes a pipe that nobody writes to. */
function blockCompiler(module: Module): { opened: () => Promise<void>; unblock: () => void } {
  const pipe = path.join(module.root, "src", "pipe.h");
  execFileSync("mkfifo", [pipe]);
  writeFileSync(path.join(module.root, "src", "answer.cpp"), '#include "pipe.h"\nint answer() { return 1; }\n');
  const tryOpen = () => {
    try {
      return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      return undefined; // nobody reads yet
    }
  };
  let writer: number | undefined;
  return {
    opened: () =>
      until(() => {
        writer = tryOpen();
        return writer !== undefined;
      }),
    unblock: () => {
      if (writer !== undefined) closeSync(writer);
      rmSync(pipe, { force: true });
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(5);
}

/** Command lines of the processes that work in the module's folder. */
function processesIn(module: Module): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((name) => readIfThere(`/proc/${name}/cmdline`).replaceAll("\0", " "))
    .filter((command) => command.includes(module.root));
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

test("two builds of a module in one process, and two more in others, all give the same artifact", async () => {
  const module = makeSmallModule(path.join(folder, "many"));
  const [first, second, third, fourth] = await Promise.all([
    build(module),
    build(module),
    other(module),
    other(module),
  ]);
  assert.equal(second.manifest.sha256, first.manifest.sha256);
  for (const { stdout } of [third, fourth]) {
    assert.equal(manifestSchema.parse(JSON.parse(stdout.split("\n").at(-1) ?? "")).sha256, first.manifest.sha256);
  }
  assert.equal([first, second].filter((result) => !result.upToDate).length <= 1, true);
  assert.equal(readdirSync(module.artifacts).length, 3);
});

test("release and debug builds of a module at the same time do not disturb each other", async () => {
  const module = makeSmallModule(path.join(folder, "modes"));
  const [release, debug] = await Promise.all([build(module), build(module, { mode: "debug" })]);
  assert.equal(currentArtifact(module, "release")?.manifest.sha256, release.manifest.sha256);
  assert.equal(currentArtifact(module, "debug")?.manifest.sha256, debug.manifest.sha256);
});

test("a build cancelled in the middle leaves no process, no lock and the previous artifact current", async () => {
  const module = makeSmallModule(path.join(folder, "cancelled"));
  const { manifest } = await build(module);
  const compiler = blockCompiler(module);
  const abort = new AbortController();
  const running = build(module, { signal: abort.signal });
  await compiler.opened();
  abort.abort();
  await assert.rejects(running, isCancelled);
  assert.deepEqual(processesIn(module), []);
  assert.deepEqual(
    readdirSync(module.state).filter((name) => name.includes("lock")),
    [],
  );
  assert.equal(currentArtifact(module, "release")?.manifest.sha256, manifest.sha256);
  assert.equal(readdirSync(module.artifacts).length, 3);
  compiler.unblock();
  makeSmallModule(module.root);
  assert.equal((await build(module)).manifest.sha256, manifest.sha256);
});

test("a build that waits for another says for whom, can be cancelled, and goes on when the other one was killed", async () => {
  const module = makeSmallModule(path.join(folder, "waiting"));
  await build(module);
  const compiler = blockCompiler(module);
  const owner = other(module);
  await compiler.opened();
  const abort = new AbortController();
  const steps: string[] = [];
  const waiting = build(module, {
    signal: abort.signal,
    onProgress: ({ step }) => {
      steps.push(step);
      abort.abort();
    },
  });
  await assert.rejects(waiting, isCancelled);
  assert.deepEqual(steps, [`Waiting for the build that process ${owner.pid} does`]);

  const patient = build(module);
  makeSmallModule(module.root);
  owner.kill("SIGKILL"); // nothing of it is left that could let go of the lock or end its compiler
  assert.equal((await patient).manifest.module, "small");
  assert.deepEqual(processesIn(module), []);
  compiler.unblock();
  await owner;
});

test("the lock of a process that has died, or of another process with its number, is taken over", async () => {
  const module = makeSmallModule(path.join(folder, "stale"));
  await build(module);
  const dead = execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }).trim();
  for (const owner of [`${dead}:1:${hostname()}`, `${process.pid}:1:${hostname()}`, "nonsense"]) {
    symlinkSync(owner, path.join(module.state, "build.lock"));
    writeFileSync(path.join(module.root, "src", "answer.h"), `int answer(); // ${owner}\n`);
    assert.equal((await build(module)).upToDate, false);
  }
});
