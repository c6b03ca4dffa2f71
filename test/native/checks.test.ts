import assert from "node:assert/strict";
import path from "node:path";
import { before, describe, test } from "node:test";
import { runTests } from "../../src/testing/run-tests.ts";
import type { TestEvent } from "../../src/testing/test-events.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { casesModule, lineOf } from "./cases-module.ts";

/* Functions of a real artifact, called with rows that are made from their signatures. */

let events: readonly TestEvent[];

before(async () => {
  const { module, built } = await casesModule();
  const told = await runTests({
    module: { ...module, state: path.join(temporaryFolder("checks"), "state") },
    files: ["src/cases.cpp"],
    artifact: { manifest: built.manifest, path: built.artifactPath },
  });
  events = told.events;
});

const found = (name: string) => events.find(({ path: [first] }) => first === name);

describe("generated rows", () => {
  test("pass for functions of every type, and for one that refuses rows", () => {
    const bad = events.filter(({ outcome }) => outcome === "failed").map(({ path: [name] }) => name);
    assert.deepEqual(bad.sort(), ["count_calls", "divide", "forgetful_mean", "fragile", "least"]);
    assert.equal(found("checked")?.outcome, "passed");
    assert.equal(found("same_track")?.outcome, "passed");
    assert.equal(found("mean")?.outcome, "passed");
  });

  test("find a crash: the call, the cause, its line in C++, and where the function is registered", () => {
    const { message = "", cause, file, line } = found("divide") ?? {};
    assert.match(message, /^divide\((?:-?\d+, 0|-2147483648, -1)\): the process died of SIGFPE: /);
    assert.deepEqual(cause, { file: "src/cases.cpp", line: lineOf("return value / by") });
    assert.deepEqual([file, line], ["src/cases.cpp", lineOf('m.row<divide>("divide"')]);
  });

  test("find a function that gives something else when it is called in another way, with both results", () => {
    const { message = "", expected, actual } = found("count_calls") ?? {};
    assert.match(message, /^count_calls\(.*\): a column through the Node door and .* give different results$/);
    assert.notEqual(expected, actual);
  });

  test("find a merge that does not make of parts what adding makes of all rows", () => {
    const { message = "", expected = "", actual = "", line } = found("forgetful_mean") ?? {};
    const call =
      /^forgetful_mean\(\[([\d.]+), ([\d.]+)\]\) in merged parts of one row gives something else than in one go: correct merge\(\), or /;
    const [, one, two] = call.exec(message) ?? [];
    assert.equal(expected, String((Number(one) + Number(two)) / 2));
    assert.equal(actual, String(Number(one) + Number(two)));
    assert.equal(line, lineOf("m.aggregate<ForgetfulMean>"));
    assert.match(
      found("least")?.message ?? "",
      /^least\(\[.*null.*\]\) in merged parts of one row gives something else/,
    );
    assert.equal(found("least")?.actual, "0");
  });

  test("find a merge that crashes, with its line", () => {
    const { message = "", cause } = found("fragile") ?? {};
    assert.match(message, /^fragile\(.*\) in merged parts of one row: the process died of SIGSEGV: /);
    assert.deepEqual(cause, { file: "src/cases.cpp", line: lineOf("*nowhere = 1") });
  });

  test("leave out a function that is registered as not deterministic", () => {
    assert.equal(found("describe")?.outcome, "skipped");
  });
});
