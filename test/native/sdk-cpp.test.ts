import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import { ensureDoctest } from "../../scripts/doctest.mjs";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { buildPrograms } from "./sdk/cpp/build.ts";

/*
 * The tests of the SDK that are written in C++ (doctest), and the fuzz target of the Arrow import; under the sanitizers,
 * each in a process of its own.
 */

await ensureDoctest();
const folder = temporaryFolder("sdk-cpp");
await buildPrograms(["sdk_tests", "fuzz_import"], { folder });
const inputs = path.join(import.meta.dirname, "sdk", "cpp", "fuzz", "inputs");

async function run(program: string, args: readonly string[], { leaks }: { leaks: boolean }) {
  const ASAN_OPTIONS = `detect_leaks=${Number(leaks)}:detect_stack_use_after_return=1`;
  const env = { ASAN_OPTIONS, UBSAN_OPTIONS: "print_stacktrace=1:abort_on_error=1" };
  return execa(path.join(folder, program), args, { env, reject: false, all: true });
}

const list = ["--list-test-cases", "--reporters=xml"];
// where a process may not trace itself, the search for leaks ends it
const leaks = (await run("sdk_tests", list, { leaks: true })).exitCode === 0;
const { stdout } = await run("sdk_tests", list, { leaks: false });
const cases = [...stdout.matchAll(/<TestCase name="([^"]*)" testsuite="([^"]*)"/g)];
assert.ok(cases.length > 0, `doctest lists no test:\n${stdout}`);

for (const [index, [, name = "", suite = ""]] of cases.entries()) {
  test(`${suite}: ${name}`, async () => {
    const only = [`--first=${index + 1}`, `--last=${index + 1}`, "--no-colors=true", "--no-intro=true"];
    const { exitCode, all } = await run("sdk_tests", only, { leaks });
    assert.equal(exitCode, 0, all);
    assert.match(all, /assertions: +[1-9]/);
  });
}

for (const name of readdirSync(inputs)) {
  test(`an input that once broke the import of Arrow arrays no longer does: ${name}`, async () => {
    const { exitCode, all } = await run("fuzz_import", [path.join(inputs, name)], { leaks });
    assert.equal(exitCode, 0, all);
  });
}

test("arrays made out of 100,000 inputs are refused, or read without reading beside them", async () => {
  const found = path.join(folder, "found");
  mkdirSync(found);
  const args = ["-runs=100000", "-seed=1", `-artifact_prefix=${found}/`, found, inputs];
  const { exitCode, all } = await run("fuzz_import", args, { leaks });
  const report = all.split("\n").slice(-200).join("\n");
  assert.equal(exitCode, 0, `${report}\n"npm run fuzz" keeps such an input in ${inputs}.`);
});
