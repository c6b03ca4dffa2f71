import assert from "node:assert/strict";
import { test } from "node:test";
import { closing, formatOutcome } from "../../../scripts/test-report.mjs";

const outcome = { name: "a.test.ts", passed: 2, failed: 0, skipped: 0, seconds: 0.25, events: [], output: "" };
const event = { passed: true, name: "it adds", nesting: 0, suite: false, byChildren: false, seconds: 0.1 };
const failure = { ...event, passed: false, name: "it divides", place: "a.test.ts:7", error: "by zero" };

test("the closing line is the sum of all, and the exit code is 0 when all passed", () => {
  assert.deepEqual(closing([outcome, { ...outcome, passed: 3 }]), { line: "5 passed, 0 failed", exitCode: 0 });
});

test("skipped tests are named in the closing line and do not fail", () => {
  assert.deepEqual(closing([{ ...outcome, skipped: 1 }]), { line: "2 passed, 0 failed, 1 skipped", exitCode: 0 });
});

test("the exit code is not 0 when one failed, or when nothing ran", () => {
  assert.deepEqual(closing([outcome, { ...outcome, failed: 1 }]), { line: "4 passed, 1 failed", exitCode: 1 });
  assert.deepEqual(closing([]), { line: "0 passed, 0 failed", exitCode: 1 });
});

test("a file's tests are listed by title, and in short form only what failed or was skipped", () => {
  const skipped = { ...event, name: "it flies", skipped: "no wings" };
  const all = { ...outcome, failed: 1, skipped: 1, events: [event, failure, skipped] };
  assert.match(formatOutcome(all, { short: false }), /✔ it adds/);
  const short = formatOutcome(all, { short: true });
  assert.doesNotMatch(short, /it adds/);
  assert.match(short, /✖ a\.test\.ts {2}2 passed, 1 failed, 1 skipped, 0\.3 s/);
  assert.match(short, /✖ it divides\n +a\.test\.ts:7\n +by zero/);
  assert.match(short, /it flies \(skipped: no wings\)/);
});

test("what a failed file wrote is shown, and what a good one wrote is not", () => {
  assert.match(
    formatOutcome({ ...outcome, failed: 1, output: "hello\nthere\n" }, { short: true }),
    /│ hello\n +│ there$/,
  );
  assert.doesNotMatch(formatOutcome({ ...outcome, output: "hello" }, { short: true }), /hello/);
});

test("what a test tells besides is shown also where all passed", () => {
  assert.match(formatOutcome({ ...outcome, notes: ["tried again"] }, { short: true }), /\n {2}! tried again$/);
});
