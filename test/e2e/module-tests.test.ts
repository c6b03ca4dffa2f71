import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { testEventSchema } from "../../src/testing/test-events.ts";
import { nativeUdf } from "../support/command-line.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/* native-udf test: the module's own tests, run by node:test against the built artifact. */

let root = "";
const inTests = (name: string) => path.join(root, "test", name);

before(async () => {
  root = path.join(temporaryFolder("module tests ü"), "blank_features");
  await nativeUdf(["new", root, "--template", "blank"], { cwd: path.dirname(root) });
});

describe("native-udf test", () => {
  test("builds what has changed, and runs the tests of a new module: they pass", async () => {
    const { exitCode, stdout } = await nativeUdf(["test"], { cwd: root });
    assert.equal(exitCode, 0);
    assert.match(stdout, /^✔ water freezes at 32/m);
    assert.match(stdout, /^✔ initials › no words/m);
    assert.match(stdout, /^✔ fahrenheit › generated rows/m);
    assert.match(stdout, /\n7 passed, 0 failed$/);
  });

  test("tells of a failure with its line and of a crash with its signal, runs the other files, and exits with 1", async () => {
    writeFileSync(
      inTests("wrong.test.ts"),
      'import assert from "node:assert/strict";\nimport { describe, test } from "node:test";\nimport { fahrenheit } from "../stubs/blank_features.ts";\n\ndescribe("suite", () => {\n  test("wrong", () => {\n    assert.equal(fahrenheit(0), 33);\n  });\n});\n',
    );
    writeFileSync(
      inTests("crash.test.ts"),
      'import { test } from "node:test";\ntest("dies", () => process.kill(process.pid, "SIGSEGV"));\n',
    );
    const { exitCode, stdout } = await nativeUdf(["test", "--json"], { cwd: root });
    assert.equal(exitCode, 1);
    const events = stdout.split("\n").map((line) => testEventSchema.parse(JSON.parse(line)));
    const failed = events.filter(({ outcome, suite }) => outcome === "failed" && !suite);
    assert.deepEqual(failed.map(({ file, path: names, line }) => [file, names, line]).sort(), [
      ["test/crash.test.ts", ["test/crash.test.ts"], undefined],
      ["test/wrong.test.ts", ["suite", "wrong"], 7],
    ]);
    assert.match(failed.find(({ file }) => file.includes("crash"))?.message ?? "", /SIGSEGV/);
    assert.equal(events.filter(({ outcome, suite }) => outcome === "passed" && !suite).length, 7);
  });

  test("runs the files and the names that are asked for", async () => {
    const one = await nativeUdf(["test", "test/blank_features.test.ts", "--name", "initials"], { cwd: root });
    assert.equal(one.exitCode, 0);
    assert.match(one.stdout, /^✔ initials.*\n1 passed, 0 failed/);
  });

  test("runs what lies in tests/ too, cases as CSV among it", async () => {
    mkdirSync(path.join(root, "tests"));
    writeFileSync(
      path.join(root, "tests", "fahrenheit.cases.csv"),
      "celsius,expected,name\r\n37,98.6,a body\r\n,,nobody\r\n",
    );
    const { stdout } = await nativeUdf(["test", "--name", "body"], { cwd: root });
    assert.match(stdout, /^✔ fahrenheit › a body.*\n✔ fahrenheit › nobody/);
    rmSync(path.join(root, "tests"), { recursive: true });
  });

  test("an update that leaves a case failing exits with 1, one that leaves none with 0", async () => {
    const file = "test/update.cases.json";
    const write = (cases: string) =>
      writeFileSync(inTests("update.cases.json"), `{ "function": "fahrenheit", "cases": [${cases}] }`);
    write('{ "arguments": [0], "expected": 1 }, { "arguments": ["warm"] }');
    const some = await nativeUdf(["test", file, "--update", "--yes"], { cwd: root });
    assert.equal(some.exitCode, 1);
    assert.match(some.stdout, /\n0 passed, 2 failed\nwrote test\/update\.cases\.json$/);
    write('{ "arguments": [0], "expected": 1 }');
    assert.equal((await nativeUdf(["test", file, "--update", "--yes"], { cwd: root })).exitCode, 0);
    assert.match(readFileSync(inTests("update.cases.json"), "utf8"), /\{ "arguments": \[0\], "expected": 32 \}/);
    rmSync(inTests("update.cases.json"));
  });

  test("says in one line that a pattern is none, and that there is no such file, before anything is built", async () => {
    const pattern = await nativeUdf(["test", "--name", "("], { cwd: root });
    assert.equal(pattern.exitCode, 2);
    assert.match(
      pattern.stderr,
      /^error: \(: the pattern for names is no regular expression \(.*\)\. Put a backslash before .*$/,
    );
    assert.equal(pattern.stderr.split("\n").length, 1);
    const missing = await nativeUdf(["test", "test/blank_feature.test.ts"], { cwd: root });
    assert.equal(missing.exitCode, 2);
    assert.equal(
      missing.stderr,
      'error: test/blank_feature.test.ts: there is no such test file. Did you mean "test/blank_features.test.ts"?',
    );
  });

  test("says in one line what is wrong with a file that does not parse, or that there are none", async () => {
    writeFileSync(inTests("crash.test.ts"), 'import { test } from "node:test";\ntest(\n');
    const bad = await nativeUdf(["test"], { cwd: root });
    assert.equal(bad.exitCode, 2);
    assert.match(bad.stderr, /^error: test\/crash\.test\.ts:3:1: Unexpected token\. .*$/);
    rmSync(path.join(root, "test"), { recursive: true });
    const none = await nativeUdf(["test", "--no-checks"], { cwd: root });
    assert.equal(none.exitCode, 2);
    assert.match(none.stderr, /^error: test, tests: the module has no tests\. .*$/);
  });
});
