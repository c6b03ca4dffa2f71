import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { runTool } from "../../src/toolchain/run-tool.ts";
import { projectRoot } from "../support/command-line.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { missingLine, outputShownFor } from "./docs-blocks.ts";

const folder = temporaryFolder("start");
const home = path.join(folder, "home");
const project = path.join(folder, "project");
const inDemo = (...parts: string[]) => path.join(project, "demo", ...parts);

/** The project without what its commands make; its packages are those that are installed here. */
function copyProject(): void {
  mkdirSync(home);
  mkdirSync(project);
  for (const entry of ["scripts", "src", "native-template", "package.json", "package-lock.json", "tsconfig.json"]) {
    cpSync(path.join(projectRoot, entry), path.join(project, entry), { recursive: true });
  }
  symlinkSync(path.join(projectRoot, "node_modules"), path.join(project, "node_modules"));
}

async function start() {
  const result = await runTool({
    command: process.execPath,
    args: [path.join(project, "scripts", "start.mjs")],
    cwd: project,
    env: { PATH: process.env.PATH, HOME: home },
  });
  const commands = [...result.stdout.matchAll(/^\$ (?:cd demo && )?native-udf (.*)$/gm)].map(([, command]) => command);
  return { ...result, commands };
}

/** When each file of the folder was written. */
function times(...folderInDemo: string[]): [string, number][] {
  const names = readdirSync(inDemo(...folderInDemo)).sort();
  return names.map((name) => [name, statSync(inDemo(...folderInDemo, name)).mtimeMs]);
}

const made = () => ({ artifacts: times("artifacts"), stubs: times("stubs"), out: times("out") });

test("npm start does the main job; again, it repeats nothing; after a change, only what the change touches", async () => {
  copyProject();
  const first = await start();
  assert.equal(first.exitCode, 0, first.stderr);
  assert.deepEqual(first.commands, [
    "new demo --template flights --name flight_features",
    "build",
    "stubs",
    "submit by-origin --overwrite",
  ]);
  assert.match(first.stdout, /rows +3,000,000/);
  const shown = outputShownFor("README.md", "npm start").text;
  assert.equal(missingLine(shown, first.stdout), undefined, "README.md shows what npm start prints");
  const before = made();
  const runs = readdirSync(inDemo(".native-udf", "runs"));

  const second = await start();
  assert.equal(second.exitCode, 0, second.stderr);
  assert.equal(second.commands.at(-1)?.replace(/ \S+$/, ""), "runs show");
  assert.match(second.stdout, /unchanged since the last run/);
  assert.match(second.stdout, /rows +3,000,000/);
  assert.deepEqual(made(), before);
  assert.deepEqual(readdirSync(inDemo(".native-udf", "runs")), runs);

  appendFileSync(inDemo("jobs", "by-origin.job.ts"), "// changed\n");
  const third = await start();
  assert.equal(third.exitCode, 0, third.stderr);
  assert.equal(third.commands.at(-1), "submit by-origin --overwrite");
  assert.deepEqual(times("artifacts"), before.artifacts);
  assert.deepEqual(times("stubs"), before.stubs);
  assert.notDeepEqual(times("out"), before.out);
});
