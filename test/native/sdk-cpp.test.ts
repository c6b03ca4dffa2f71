import assert from "node:assert/strict";
import { test } from "node:test";
import { execa } from "execa";
import { ensureDoctest } from "../../scripts/doctest.mjs";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { buildProgram } from "./sdk/cpp/build.ts";

/* The tests of the SDK that are written in C++ (doctest), each in a process of its own under the sanitizers. */

await ensureDoctest();
const program = await buildProgram("sdk_tests", { folder: temporaryFolder("sdk-cpp") });

async function run(args: readonly string[], { leaks }: { leaks: boolean }) {
  const ASAN_OPTIONS = `detect_leaks=${Number(leaks)}:detect_stack_use_after_return=1`;
  const env = { ASAN_OPTIONS, UBSAN_OPTIONS: "print_stacktrace=1" };
  return execa(program, args, { env, reject: false, all: true });
}

const list = ["--list-test-cases", "--reporters=xml"];
// where a process may not trace itself, the search for leaks ends it
const leaks = (await run(list, { leaks: true })).exitCode === 0;
const { stdout } = await run(list, { leaks: false });
const cases = [...stdout.matchAll(/<TestCase name="([^"]*)" testsuite="([^"]*)"/g)];
assert.ok(cases.length > 0, `doctest lists no test:\n${stdout}`);

for (const [index, [, name = "", suite = ""]] of cases.entries()) {
  test(`${suite}: ${name}`, async () => {
    const only = [`--first=${index + 1}`, `--last=${index + 1}`, "--no-colors=true", "--no-intro=true"];
    const { exitCode, all } = await run(only, { leaks });
    assert.equal(exitCode, 0, all);
    assert.match(all, /assertions: +[1-9]/);
  });
}
