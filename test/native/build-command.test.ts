import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { nativeUdf } from "../support/command-line.ts";
import { pathOfLinks } from "../support/path-of-links.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { cleanAnswer, makeSmallModule } from "./small-module.ts";

const folder = temporaryFolder("build-command");
const module = makeSmallModule(path.join(folder, "small"));
const change = (file: string, text: string) => writeFileSync(path.join(module.root, file), text);
const build = (options: readonly string[] = [], env: Record<string, string> = {}) =>
  nativeUdf(["build", ...options], { cwd: module.root, env });

test("native-udf build tells the first error in one clear line, without a stack trace, and keeps what was built", async () => {
  assert.equal((await build()).exitCode, 0);
  const before = readdirSync(module.artifacts);
  for (const [source, line] of [
    ["int answer() { return two; }\n", "src/answer.cpp:1:23: 'two' was not declared in this scope"],
    ["int two();\nint answer() { return two(); }\n", "src/answer.cpp:2: undefined reference to 'two()'"],
  ] as const) {
    change("src/answer.cpp", source);
    const { exitCode, stdout, stderr } = await build();
    assert.equal(exitCode, 1);
    assert.ok(stderr.includes(line), stderr);
    assert.doesNotMatch(stderr, /^\s+at .*:\d+:\d+\)?$/m);
    assert.equal(stdout, "");
    assert.deepEqual(readdirSync(module.artifacts), before);
  }
  change("src/answer.cpp", cleanAnswer);
  assert.equal((await build()).exitCode, 0);
});

test("native-udf build --json gives the manifest on standard output, or the error with its diagnostics", async () => {
  const { stdout } = await build(["--json"]);
  assert.match(JSON.stringify(JSON.parse(stdout)), /"module":"small"/);
  change("src/answer.cpp", "int answer() { return two; }\n");
  const failed = await build(["--json"]);
  change("src/answer.cpp", cleanAnswer);
  assert.equal(failed.exitCode, 1);
  assert.match(JSON.stringify(JSON.parse(failed.stdout)), /"COMPILE_FAILED".*"src\/answer\.cpp"/);
});

test("native-udf build without a compiler exits with the status for what the machine lacks", async () => {
  const bare = makeSmallModule(path.join(folder, "bare"));
  const { exitCode, stderr } = await nativeUdf(["build"], {
    cwd: bare.root,
    env: { PATH: pathOfLinks(folder, ["cmake", "ninja", "objcopy"]) },
  });
  assert.equal(exitCode, 3);
  assert.match(stderr, /no C\+\+ compiler/);
});

test("native-udf build with a malformed or missing native-udf.json exits with the status for wrong input", async () => {
  change("native-udf.json", "{");
  const malformed = await build();
  assert.equal(malformed.exitCode, 2);
  assert.match(malformed.stderr, /native-udf\.json: it is not valid JSON/);
  change("native-udf.json", JSON.stringify({ name: "small" }));
  const missing = await nativeUdf(["build"], { cwd: folder });
  assert.equal(missing.exitCode, 2);
  assert.match(missing.stderr, /there is no native-udf\.json here or in a folder above/);
});
