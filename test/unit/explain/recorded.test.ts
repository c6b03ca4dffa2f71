import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import * as z from "zod";
import { explain } from "../../../src/explain/explain.ts";
import { explainedFailureSchema, frameSchema } from "../../../src/explain/explanation.ts";
import { readSourceRoot } from "../../../src/explain/source-root.ts";
import { projectRoot } from "../../support/command-line.ts";

const expectSchema = z.object({
  origin: z.string(),
  exception_type: z.string(),
  message: z.string(),
  file: z.string().nullable(),
  line: z.number().nullable(),
  line_also: z.array(z.number()).default([]),
  function: z.string().nullable(),
  frames: z.array(frameSchema),
  frames_visible: z.boolean(),
});

const recorded = path.join(projectRoot, "test/fixtures/spark-failures");
/** Recorded by test/spark/failures/record.ts. */
const own = path.join(recorded, "own");
/** Spark says of these only that the worker is gone: no log names the signal. */
const signalUnknown = new Set(["32-segv-no-faulthandler-local", "38-sigkill-connect-cluster"]);

/**
 * Failures recorded from real runs of Spark 3.5 and 4.3, with what a person should be told, written by hand by those who
 * recorded them. Long runs of Java frames and some kinds of INFO lines were cut out of the logs.
 */
describe("recorded failures are told with their line, message and frames", () => {
  const given = readdirSync(recorded).flatMap((name) => (name === "own" ? [] : [path.join(recorded, name)]));
  for (const folder of [...given, ...readdirSync(own).map((name) => path.join(own, name))]) {
    const name = path.basename(folder);
    test(name, async () => {
      const logs = readdirSync(folder).filter((file) => /\.log$|^exception\.txt$/.test(file));
      const expected = expectSchema.parse(JSON.parse(readFileSync(path.join(folder, "expect.json"), "utf8")));
      for (const order of [logs, logs.toReversed()]) {
        const texts = order.map((file) => [readFileSync(path.join(folder, file), "utf8").split("\n")]);
        const [first] = (await explain(texts, readSourceRoot(folder))).diagnostics;
        compare(explainedFailureSchema.parse(first), expected, name);
      }
    });
  }
});

function compare(
  told: z.infer<typeof explainedFailureSchema>,
  expected: z.infer<typeof expectSchema>,
  name: string,
): void {
  const { origin, exceptionType, message, file } = told;
  const type = signalUnknown.has(name) ? "SparkException" : expected.exception_type;
  assert.deepEqual(
    { origin, exceptionType, message, file },
    { origin: expected.origin, exceptionType: type, message: expected.message, file: expected.file },
  );
  if (expected.frames_visible) {
    const { line, function: called, frames } = expected;
    assert.deepEqual(
      { line: told.line, function: told.function, frames: told.frames },
      { line, function: called, frames },
    );
    return;
  }
  // what no log has is not made up
  assert.deepEqual(told.frames, []);
  assert.ok([null, expected.line, ...expected.line_also].includes(told.line), `line ${told.line}`);
  assert.ok([null, expected.function].includes(told.function), `function ${told.function}`);
}
