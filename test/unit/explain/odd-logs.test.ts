import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { explain } from "../../../src/explain/explain.ts";
import { logLines } from "../../../src/explain/log-file.ts";
import { causeOf, explainedOf } from "../../support/explained.ts";

const traceback = `Traceback (most recent call last):
  File "/srv/app/job.py", line 4, in f
    return 1 / n
ZeroDivisionError: division by zero`;
const log = `26/11/21 05:00:23 WARN TaskSetManager: Lost task 1.0 in stage 0.0 (TID 1) (10.0.0.7 executor 0): org.apache.spark.api.python.PythonException: ${traceback}

\tat org.apache.spark.api.python.BasePythonRunner$ReaderIterator.handlePythonException(PythonRunner.scala:572)
`;
const cause = ["worker-exception | ZeroDivisionError | division by zero | job.py:4", "job.py:4 f"];

describe("odd logs", () => {
  test("the ends of lines of Windows, colours and a byte order mark change nothing", async () => {
    assert.deepEqual(await causeOf(log.replaceAll("\n", "\r\n"), ["job.py"]), cause);
    const coloured = log.replaceAll("ZeroDivisionError", "\u001b[1;35mZeroDivisionError\u001b[0m");
    assert.deepEqual(await causeOf(`\ufeff${coloured}`, ["job.py"]), cause);
  });

  test("what containers put before each line is passed over", async () => {
    const before = (prefix: string) => log.replaceAll(/^/gm, prefix);
    assert.deepEqual(await causeOf(before("2026-11-21T05:00:00.000000001Z stderr F "), ["job.py"]), cause);
    assert.deepEqual(await causeOf(before("spark-worker-1  | "), ["job.py"]), cause);
  });

  test("a traceback that other processes write into is put together", async () => {
    const [first = "", ...rest] = traceback.replaceAll("/srv/app/job.py", "/home/ada/job/main.py").split("\n");
    const torn = [first, rest[0], "26/11/21 05:00:23 INFO Executor: Finished task 0.0", ...rest.slice(1)].join("\n");
    assert.deepEqual(await causeOf(torn, ["main.py"]), [
      "driver-exception | ZeroDivisionError | division by zero | main.py:4",
      "main.py:4 f",
    ]);
  });

  test("lines of several executors that a tool has mixed in one log are read apart", async () => {
    const other = traceback
      .replace("line 4, in f", "line 9, in g")
      .replace("ZeroDivisionError: division by zero", "KeyError: 'x'");
    const texts = [log, log.replace(traceback, other)].map((text) => text.split("\n"));
    for (const writer of [(n: number) => `worker-${n}  | `, (n: number) => `[pod/job-exec-${n}/executor] `]) {
      const mixed = (texts[0] ?? []).flatMap((line, at) => [`${writer(1)}${line}`, `${writer(2)}${texts[1]?.[at]}`]);
      const told = await explainedOf(mixed.join("\n"), ["job.py"]);
      assert.deepEqual(
        told.map(({ exceptionType, line, function: called }) => [exceptionType, line, called]),
        [
          ["ZeroDivisionError", 4, "f"],
          ["KeyError", 9, "g"],
        ],
      );
    }
  });

  test("a traceback that is cut off is told as far as it goes", async () => {
    const cut = traceback.split("\n").slice(0, 2).join("\n");
    const [first] = await explainedOf(cut, ["job.py"]);
    assert.deepEqual([first?.exceptionType, first?.file, first?.line], [null, "job.py", 4]);
  });

  test("nothing is found in nothing, in binary data and in Java frames without an exception", async () => {
    assert.deepEqual(await explainedOf(""), []);
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256));
    assert.deepEqual(
      (await explain([logLines(Readable.from([bytes]))], { folder: "/", files: new Set() })).diagnostics,
      [],
    );
    assert.deepEqual(await explainedOf("\tat java.base/java.lang.Thread.run(Thread.java:840)\n".repeat(50)), []);
  });

  test("lines of many megabytes and thousands of failing tasks are read", async () => {
    const long = `26/11/21 05:00:22 INFO Executor: ${"x".repeat(30_000_000)}\n`;
    async function* pieces() {
      yield long;
      for (let task = 0; task < 2000; task += 1) yield log.replaceAll("division by zero", `task ${task}`);
      yield log;
    }
    const { diagnostics } = await explain([logLines(pieces())], { folder: "/", files: new Set(["job.py"]) });
    assert.equal(diagnostics.length, 1, "the same line is told once");
    assert.deepEqual([diagnostics[0]?.file, diagnostics[0]?.line], ["job.py", 4]);
  });

  test("a character that is split over two pieces stays whole", async () => {
    const bytes = Buffer.from(log.replaceAll("division by zero", "Größe"));
    const middle = bytes.indexOf("ö") + 1;
    const { diagnostics } = await explain(
      [logLines(Readable.from([bytes.subarray(0, middle), bytes.subarray(middle)]))],
      { folder: "/", files: new Set(["job.py"]) },
    );
    assert.equal(diagnostics[0]?.message, "Größe");
  });
});
