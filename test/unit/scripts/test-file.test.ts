import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { runTestFile } from "../../../scripts/test-file.mjs";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const folder = temporaryFolder("test-file");

/** Runs a file of tests with this text, as the test command does. */
async function outcomeOf(name: string, text: string) {
  const file = path.join(folder, `${name}.test.ts`);
  writeFileSync(file, `import { describe, test } from "node:test";\nimport assert from "node:assert/strict";\n${text}`);
  const { passed, failed, skipped, events, output } = await runTestFile(file);
  return { counts: [passed, failed, skipped], errors: events.flatMap(({ error }) => error ?? []), output };
}

test("every test counts once: in suites, with subtests, skipped ones apart", async () => {
  const { counts } = await outcomeOf(
    "counts",
    `test("one", () => {});
     describe("suite", () => { test("two", () => {}); test("three", { skip: "later" }, () => {}); });
     test("parent", async (t) => { await t.test("child", () => {}); });`,
  );
  assert.deepEqual(counts, [4, 0, 1]);
});

test("a failure counts once, with its place and its whole error, also where it is in a subtest", async () => {
  const { counts, errors } = await outcomeOf(
    "fails",
    `test("good", () => {});
     describe("suite", () => { test("bad", () => assert.equal(1 + 1, 3)); });
     test("parent", async (t) => { await t.test("child", () => { throw new Error("in the child"); }); });`,
  );
  assert.deepEqual(counts, [1, 2, 0]);
  assert.ok(errors.some((text) => /2 !== 3/.test(text)));
  assert.ok(errors.some((text) => /in the child[\s\S]*fails\.test\.ts/.test(text)));
});

test("a hook that fails is a failure", async () => {
  const { counts } = await outcomeOf(
    "hook",
    `import { before } from "node:test";
     describe("suite", () => { before(() => { throw new Error("no"); }); test("a", () => {}); });`,
  );
  assert.ok((counts[1] ?? 0) >= 1);
});

test("a file that dies in the middle is a failure, which names the signal; what it wrote is kept", async () => {
  const { counts, errors, output } = await outcomeOf(
    "dies",
    `test("good", () => {});
     test("dies", () => { console.error("last words"); process.kill(process.pid, "SIGKILL"); });`,
  );
  assert.equal(counts[1], 1);
  assert.ok(errors.some((text) => text.includes("SIGKILL")));
  assert.match(output, /last words/);
});

test("a file that exits on its own before its tests are done is a failure", async () => {
  const { counts } = await outcomeOf("exits", `test("never", async () => { process.exit(4); });`);
  assert.deepEqual(counts, [0, 1, 0]);
});

test("a file that does not load is a failure", async () => {
  const { counts, output } = await outcomeOf("load", `import "./nowhere.ts";`);
  assert.deepEqual(counts, [0, 1, 0]);
  assert.match(output, /nowhere/);
});

test("a file without a test is a failure", async () => {
  const { counts, errors } = await outcomeOf("empty", "");
  assert.deepEqual(counts, [0, 1, 0]);
  assert.deepEqual(errors, ["there is no test in the file"]);
});

test("the diagnostics of tests are kept, those of node:test itself are not", async () => {
  const file = path.join(folder, "notes.test.ts");
  writeFileSync(file, `import { test } from "node:test";\ntest("one", (t) => t.diagnostic("tried again"));\n`);
  assert.deepEqual((await runTestFile(file)).notes, ["tried again"]);
});
