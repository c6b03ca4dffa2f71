import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { blocksOf, stable } from "../e2e/docs-blocks.ts";
import { testFailures } from "./stub-failures.ts";
import { runScript, type Script } from "./stub-script.ts";
import { testValues } from "./stub-values.ts";

/* Real Spark, by scripts as a user runs them. A session takes long to start, so each runs several scripts. */

/** What the scripts of a session report, once they have run. */
function session(script: Script): (part: string) => unknown {
  let reports: Record<string, unknown> = {};
  before(async () => {
    reports = await runScript(script);
  });
  return (part) => reports[part];
}

describe("The stub's functions as columns of Spark 4.3", () => {
  const reported = session({ series: "4.3", connect: false, parts: ["values", "renewing", "failures", "page"] });
  testValues(() => reported("values"));
  testRenewing(() => reported("renewing"));
  testFailures(() => reported("failures"));

  test("udf::log tells the task: its stage and partition, and function and row", () => {
    assert.match(
      String(reported("log")),
      /info: stage \d+, partition \d: build_of\(\), row 0 of its batch: this is 1$/m,
    );
  });

  test("the script of docs/spark.md prints what the page shows", () => {
    const shown = blocksOf("docs/spark.md").find(({ language }) => language === "text")?.text ?? "";
    assert.deepEqual(stable(String(reported("page"))), stable(shown));
  });
});

describe("The stub's functions as columns of Spark 3.5", () => {
  const reported = session({ series: "3.5", connect: false, parts: ["values", "failures"] });
  testValues(() => reported("values"));
  testFailures(() => reported("failures"));
});

describe("The stub's functions as columns of Spark Connect 4.3", () => {
  const reported = session({ series: "4.3", connect: true, parts: ["renewing", "failures"] });
  testRenewing(() => reported("renewing"));
  testFailures(() => reported("failures"));
});

/** What `stub/renewing.py` reports: `[build, shifted, doubled]`, the last by another module. */
function testRenewing(reported: () => unknown): void {
  test("a module that is built anew, and a config that changes, take effect with the next query", () => {
    assert.deepEqual(reported(), {
      first: [1, 1.5, 2],
      again: [1, 1.5, 2],
      "sent again": false,
      "other config": [1, 3.5, 2],
      "other code": [2, 3.5, 2],
      "other code, imported anew": [2, 3.5, 2],
      "a frame of before": [1, 1.5],
      "in SQL": [2, 3.5],
      "first code again": [1, 1.5, 2],
      "in SQL as registered": [2, 3.5],
    });
  });
}
